import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from './button'
import { Dialog, DialogBody, DialogFooter } from './dialog'
import { Field, TextInput } from './field'

interface TextDialogProps {
  title: string
  description: ReactNode
  label: string
  hint: string
  /** Selected, so that typing takes its place. */
  initial: string
  mono?: boolean
  /** Why it cannot be taken; null when it can. Gets it without the space around it. */
  check(text: string): string | null
  /** The words of the button. */
  action: string
  onSubmit(text: string): void
  onClose(): void
}

/** Asks for one line of text. Closes at once; what is done with it goes on without it. */
export function TextDialog({ title, description, label, hint, initial, mono = false, check, action, onSubmit, onClose }: TextDialogProps) {
  const [typed, setTyped] = useState(initial)
  const [isTouched, setIsTouched] = useState(false)
  const problem = check(typed.trim())

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTouched(true)
    if (problem !== null) return
    onClose()
    onSubmit(typed.trim())
  }

  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody>
          <Field label={label} hint={hint} problem={isTouched ? problem : null} keepsRoom>
            {(control) => (
              <TextInput
                {...control}
                autoFocus
                mono={mono}
                value={typed}
                onFocus={(event) => event.currentTarget.select()}
                onChange={(event) => {
                  setTyped(event.target.value)
                  setIsTouched(true)
                }}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={isTouched && problem !== null}>
            {action}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
