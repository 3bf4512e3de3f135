import { Cable } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { TextInput } from '../../ui/field'
import { forwardPort } from '../../workspace-model/ports/port-actions'

const LAST_PORT = 65_535

/** For a port that nothing listens on yet, or that is to have another number on this machine. */
export function AddForwardForm({ workspace }: { workspace: Workspace }) {
  const [port, setPort] = useState('')
  const [local, setLocal] = useState('')
  const problem = portProblem(port) ?? portProblem(local)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (problem !== null || port === '') return
    const wanted = local === '' ? undefined : Number(local)
    if (!(await forwardPort(workspace.id, { port: Number(port), container: null }, wanted))) return
    setPort('')
    setLocal('')
  }
  return (
    <form onSubmit={(event) => void submit(event)} aria-label="Forward a port" className="flex min-w-0 flex-1 flex-col gap-1">
      <div className="flex items-center gap-2">
        <PortInput label="Port in the workspace" placeholder="Port" value={port} onChange={setPort} />
        <span className="text-ink-muted">on</span>
        <PortInput label="Port on this machine, optional" placeholder={port === '' ? 'same' : port} value={local} onChange={setLocal} />
        <Button type="submit" icon={Cable} disabled={port === '' || problem !== null}>
          Forward
        </Button>
      </div>
      <p id="forward-note" aria-live="polite" className="text-bad text-sm empty:hidden">
        {problem}
      </p>
    </form>
  )
}

interface PortInputProps {
  label: string
  placeholder: string
  value: string
  onChange(value: string): void
}

function PortInput({ label, placeholder, value, onChange }: PortInputProps) {
  return (
    <TextInput
      mono
      aria-label={label}
      aria-invalid={portProblem(value) !== null}
      aria-describedby="forward-note"
      placeholder={placeholder}
      inputMode="numeric"
      className="max-w-20"
      value={value}
      onChange={(event) => onChange(event.target.value.trim())}
    />
  )
}

function portProblem(typed: string): string | null {
  if (typed === '') return null
  const port = Number(typed)
  return Number.isInteger(port) && port >= 1 && port <= LAST_PORT ? null : `Enter a port number from 1 to ${LAST_PORT}.`
}
