import { useState } from 'react'
import { client } from '../../client'
import { go, routes } from '../../routes'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { formatCount } from '../../ui/format'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'

interface RemoveEngineDialogProps {
  id: string
  name: string
  /** How many are on it. */
  workspaces: number
  onClose(): void
}

/** Stays open until the engine is removed: a refusal is said here. */
export function RemoveEngineDialog({ id, name, workspaces, onClose }: RemoveEngineDialogProps) {
  const [isRemoving, setIsRemoving] = useState(false)
  const [refusal, setRefusal] = useState<Presentation | null>(null)
  const remove = async () => {
    setIsRemoving(true)
    setRefusal(null)
    try {
      await client.engines.remove({ engine: id })
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
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${name}?`}
      description="Berth does not use it any more. The engine itself, and what others have on it, stay as they are."
    >
      <DialogBody className="flex flex-col gap-2">
        {shown !== null ? (
          <ProblemPanel presentation={shown} onRetry={() => void remove()} />
        ) : (
          <p>
            {workspaces === 0
              ? 'It can be added again at any time.'
              : `It has ${formatCount(workspaces, 'workspace')}: an engine can be removed when nothing is on it.`}
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" disabled={isRemoving} onClick={() => void remove()}>
          {isRemoving ? 'Removing…' : 'Remove'}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
