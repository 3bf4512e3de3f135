import { formatBytes } from '../../../shared/byte-size'
import type { ListedImage } from '../../../shared/contract/images'
import { Button } from '../../ui/button'
import { Dialog, DialogFooter } from '../../ui/dialog'

interface RemoveImageDialogProps {
  image: ListedImage
  name: string
  onRemove(): void
  onCancel(): void
}

/** Only images that nothing uses can be removed. */
export function RemoveImageDialog({ image, name, onRemove, onCancel }: RemoveImageDialogProps) {
  const next =
    image.references.length === 0
      ? 'It has no name, because a newer image took it or a build was cancelled.'
      : 'A workspace that needs it later has to wait until it is built or downloaded again.'
  return (
    <Dialog
      open
      onClose={onCancel}
      title={`Remove ${name}?`}
      description={`It takes up to ${formatBytes(image.sizeBytes)}; layers that other images share stay. No workspace uses it. ${next}`}
    >
      <div className="h-3" />
      <DialogFooter>
        <Button onClick={onCancel}>Keep it</Button>
        <Button variant="danger" autoFocus onClick={onRemove}>
          Remove
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
