import { Button } from '../../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../../ui/dialog'

interface RiskyPasteDialogProps {
  text: string
  onPaste(): void
  onCancel(): void
}

const SHOWN_CHARACTERS = 4_000

/** Asks before lines are pasted into a program that takes each for a command as it comes. */
export function RiskyPasteDialog({ text, onPaste, onCancel }: RiskyPasteDialogProps) {
  const lineCount = text.replace(/(\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/).length
  const title = lineCount === 1 ? 'Paste a line and run it?' : `Paste ${lineCount} lines?`
  return (
    <Dialog open onClose={onCancel} title={title} description="This program runs each line as soon as it is pasted.">
      <DialogBody>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
        <pre tabIndex={0} className="max-h-60 overflow-auto whitespace-pre-wrap break-all rounded-md border border-line bg-sunken p-2">
          {text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text}
        </pre>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="primary" autoFocus onClick={onPaste}>
          Paste
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
