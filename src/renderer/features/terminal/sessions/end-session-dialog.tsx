import { Button } from '../../../ui/button'
import { Dialog, DialogFooter } from '../../../ui/dialog'

interface EndSessionDialogProps {
  title: string
  onEnd(): void
  onCancel(): void
}

export function EndSessionDialog({ title, onEnd, onCancel }: EndSessionDialogProps) {
  return (
    <Dialog
      open
      onClose={onCancel}
      title={`End session “${title}”?`}
      description="The shell and everything running in it end. Its output is lost."
    >
      <div className="h-3" />
      <DialogFooter>
        <Button onClick={onCancel}>Keep it</Button>
        <Button variant="danger" autoFocus onClick={onEnd}>
          End session
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
