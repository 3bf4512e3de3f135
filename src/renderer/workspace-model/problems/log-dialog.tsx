import { CopyButton } from '../../ui/copy-button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { ForeignText } from '../../ui/foreign-text'

interface LogDialogProps {
  open: boolean
  onClose(): void
  title: string
  lines: string[]
}

/** The last lines of what failed. */
export function LogDialog({ open, onClose, title, lines }: LogDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} description="Its last lines" width="wide">
      <DialogBody>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable with the keyboard
          tabIndex={0}
          role="log"
          aria-label="Log"
          className="overflow-x-auto whitespace-pre-wrap break-all rounded-md border border-line bg-sunken p-3"
        >
          <ForeignText text={lines.join('\n')} />
        </pre>
      </DialogBody>
      <DialogFooter>
        <CopyButton withWords label="Copy log" size="medium" text={() => lines.join('\n')} />
      </DialogFooter>
    </Dialog>
  )
}
