import { useState } from 'react'
import { go, routes } from '../../routes'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'

interface RemoveDialogProps {
  name: string
  description: string
  /** What is in the way, or that nothing is. */
  note: string
  remove(): Promise<unknown>
  onClose(): void
}

/** Stays open until the engine or Swarm is removed: a refusal is said here. */
export function RemoveDialog({ name, description, note, remove, onClose }: RemoveDialogProps) {
  const [isRemoving, setIsRemoving] = useState(false)
  const [refusal, setRefusal] = useState<Presentation | null>(null)
  const tryIt = async () => {
    setIsRemoving(true)
    setRefusal(null)
    try {
      await remove()
      onClose()
      go(routes.engines, { replace: true })
    } catch (error) {
      setRefusal(presentError(error))
      setIsRemoving(false)
    }
  }
  // Whoever reads this sees the engines already.
  const shown = refusal && { ...refusal, actions: refusal.actions.filter(({ kind }) => kind !== 'show-engines') }
  return (
    <Dialog open onClose={onClose} title={`Remove ${name}?`} description={description}>
      <DialogBody className="flex flex-col gap-2">
        {shown !== null ? <ProblemPanel presentation={shown} onRetry={() => void tryIt()} /> : <p>{note}</p>}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" disabled={isRemoving} onClick={() => void tryIt()}>
          {isRemoving ? 'Removing…' : 'Remove'}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
