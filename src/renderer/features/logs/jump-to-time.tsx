import { CalendarClock } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { Button, IconButton } from '../../ui/button'
import { Field, TextInput } from '../../ui/field'

/** Asks for a time of this machine's clock. */
export function JumpToTime({ disabled, latest, onJump }: { disabled: boolean; latest(): number | null; onJump(time: number): void }) {
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const time = new Date(text).getTime()

  function onOpenChange(open: boolean): void {
    if (open) setText(localTime(new Date(latest() ?? Date.now())))
    setOpen(open)
  }

  return (
    <Popover.Root open={isOpen} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>
        <IconButton icon={CalendarClock} label="Jump to a time" size="small" disabled={disabled} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Jump to a time"
          className="overlay-in z-50 rounded-md bg-raised p-3 shadow-overlay outline-none"
        >
          <form
            className="flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault()
              if (Number.isNaN(time)) return
              onJump(time)
              setOpen(false)
            }}
          >
            <Field label="First line from">
              {(field) => (
                <TextInput {...field} type="datetime-local" step={1} value={text} onChange={(event) => setText(event.target.value)} />
              )}
            </Field>
            <Button type="submit" variant="primary" className="mb-1" disabled={Number.isNaN(time)}>
              Jump
            </Button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** As the input has it: local time, without a zone. */
function localTime(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
