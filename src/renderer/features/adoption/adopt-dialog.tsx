import type { Adoptable } from '../../../shared/adoptable'
import { client } from '../../client'
import { goToNew } from '../../routes'
import { useHasSeveralEngines } from '../../store/store'
import { Button } from '../../ui/button'
import { Detail, Details } from '../../ui/details'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { ForeignText } from '../../ui/foreign-text'
import { attempt } from '../../workspace-model/operations/attempt'
import { makerOf } from '../../workspace-model/workspaces/describe-adoptable'

interface AdoptDialogProps {
  adoptable: Adoptable
  onClose(): void
}

/** What adopting means for it; one that runs is to stop first, so that is said on the button. */
export function AdoptDialog({ adoptable, onClose }: AdoptDialogProps) {
  const { name, status, image, sshPort, volumes, obstacle } = adoptable
  const isRunning = status === 'running'
  const where = useHasSeveralEngines() ? `the engine ${adoptable.engine}` : 'this engine'

  const adopt = () => {
    onClose()
    attempt(async () => {
      const begun = await client.workspaces.adopt({ name: adoptable.containerId, stop: isRunning })
      goToNew(begun.workspace.name)
      return begun
    })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Adopt ${name}`}
      description={`A workspace of ${makerOf(adoptable)} on ${where}. Name, port, files, environment, what is installed and Docker inside stay.`}
    >
      <DialogBody className="flex flex-col gap-3">
        {obstacle === null ? (
          <p>
            {isRunning
              ? 'It is running and will stop for a few seconds while its container is recreated. '
              : 'It is then started to check that it works with Berth. '}
            If it does not start, everything is undone.
            {adoptable.from === 'berth' && ' The other Berth no longer has it.'}
          </p>
        ) : (
          <p role="alert" className="text-bad">
            This workspace cannot be adopted. {obstacle}
          </p>
        )}
        <Details>
          <Detail name="State">{status}</Detail>
          <Detail name="SSH port">{sshPort ?? 'none yet'}</Detail>
          <Detail name="Image">
            <span className="min-w-0 truncate font-mono">
              <ForeignText text={image} />
            </span>
          </Detail>
          <Detail name="Home volume">
            <span className="min-w-0 truncate font-mono">
              <ForeignText text={volumes.home ?? 'none'} />
            </span>
          </Detail>
          <Detail name="Docker volume">
            <span className="min-w-0 truncate font-mono">
              <ForeignText text={volumes.docker ?? 'none'} />
            </span>
          </Detail>
        </Details>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{obstacle === null ? 'Cancel' : 'Close'}</Button>
        {obstacle === null && (
          <Button variant="primary" autoFocus onClick={adopt}>
            {isRunning ? 'Stop and adopt' : 'Adopt'}
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  )
}
