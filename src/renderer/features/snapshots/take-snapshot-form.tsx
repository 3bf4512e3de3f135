import { Camera } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Snapshot } from '../../../shared/snapshot'
import { snapshotNameProblem } from '../../../shared/snapshot-name'
import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { TextInput } from '../../ui/field'
import { takeSnapshot } from '../../workspace-model/workspaces/snapshot-actions'

interface TakeSnapshotFormProps {
  workspace: Workspace
  snapshots: readonly Snapshot[]
  /** Something else is being done with the workspace. */
  isHeld: boolean
}

/** One line: a name for whoever wants one, and the button. */
export function TakeSnapshotForm({ workspace, snapshots, isHeld }: TakeSnapshotFormProps) {
  const [typed, setTyped] = useState('')
  const name = typed.trim()
  const problem = name === '' ? null : nameProblem(name, snapshots)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem !== null || isHeld) return
    setTyped('')
    takeSnapshot(workspace, name === '' ? undefined : name)
  }
  return (
    <form onSubmit={submit} aria-label="New snapshot" className="flex min-w-0 flex-1 flex-col gap-1">
      <div className="flex gap-2">
        <TextInput
          mono={typed !== ''}
          aria-label="Name of the new snapshot, optional"
          aria-invalid={problem !== null}
          aria-describedby="snapshot-name-note"
          placeholder="Name (optional)"
          className="max-w-70"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" icon={Camera} disabled={isHeld || problem !== null}>
          New snapshot
        </Button>
      </div>
      <p id="snapshot-name-note" aria-live="polite" className="text-bad text-sm empty:hidden">
        {problem}
      </p>
    </form>
  )
}

function nameProblem(name: string, snapshots: readonly Snapshot[]): string | null {
  return (
    snapshotNameProblem(name) ?? (snapshots.some((snapshot) => snapshot.name === name) ? 'A snapshot with this name already exists.' : null)
  )
}
