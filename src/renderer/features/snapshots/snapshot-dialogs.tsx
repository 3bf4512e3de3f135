import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { Snapshot } from '../../../shared/snapshot'
import type { Workspace } from '../../../shared/workspace'
import { go, routes } from '../../routes'
import { freeNameFor } from '../../store/free-name'
import { useSettings, useWorkspaces } from '../../store/store'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { TextDialog } from '../../ui/text-dialog'
import { Time } from '../../ui/time'
import { newNameProblem } from '../../workspace-model/workspaces/parse-draft'
import { deleteSnapshot, restoreSnapshot, restoreSnapshotAs } from '../../workspace-model/workspaces/snapshot-actions'
import { useSnapshotSize } from './snapshot-sizes'

interface SnapshotDialogProps {
  workspace: Workspace
  snapshot: Snapshot
  onClose(): void
}

/** Says what happens to what runs, and to the state there is now. */
export function RestoreDialog({ workspace, snapshot, onClose }: SnapshotDialogProps) {
  const settings = useSettings()
  const isKept = settings === null || (settings.snapshotBeforeRestore && settings.automaticSnapshotsKept > 0)
  const isRunning = workspace.running
  const restore = () => {
    onClose()
    restoreSnapshot(snapshot, { force: isRunning })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Restore ${workspace.name}?`}
      description={
        <>
          Its whole disk state becomes that of <code className="break-all">{snapshot.name}</code>, taken <Time value={snapshot.createdAt} />
          .
        </>
      }
    >
      <DialogBody>
        <ul className="flex list-disc flex-col gap-1.5 pl-4 marker:text-ink-faint">
          <li>{isRunning ? 'It is stopped and started again. Programs running in it end.' : 'It is not started.'}</li>
          <li>{isKept ? 'Its current state is kept as an automatic snapshot.' : <LostState onClose={onClose} />}</li>
          <li>If the restored state does not start, it returns to its current state.</li>
        </ul>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant={isKept ? 'primary' : 'danger'} onClick={restore}>
          {isRunning ? 'Stop and restore' : 'Restore'}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

function LostState({ onClose }: { onClose(): void }): ReactNode {
  return (
    <span>
      <span className="font-medium text-bad">
        <TriangleAlert aria-hidden className="-mt-0.5 mr-1 inline size-3.5" />
        What has changed since then is lost:
      </span>{' '}
      the settings say not to keep the state before a restore.{' '}
      <button
        type="button"
        className="rounded-sm text-accent hover:underline"
        onClick={() => {
          onClose()
          go(`${routes.settings}/snapshots`)
        }}
      >
        Change that
      </button>
    </span>
  )
}

export function RestoreAsDialog({ workspace, snapshot, name: typed, onClose }: SnapshotDialogProps & { name: string | undefined }) {
  const names = useWorkspaces().map(({ name }) => name)
  return (
    <TextDialog
      title="Restore as new workspace"
      description={
        <>
          A workspace as {workspace.name} was at <code className="break-all">{snapshot.name}</code>. {workspace.name} stays as it is.
        </>
      }
      label="Name"
      hint="a-z, 0-9 and dashes"
      mono
      initial={typed ?? freeNameFor(workspace.name)}
      check={(text) => newNameProblem(text, (candidate) => names.includes(candidate))}
      action="Create"
      onSubmit={(text) => restoreSnapshotAs(snapshot, text)}
      onClose={onClose}
    />
  )
}

export function DeleteSnapshotDialog({ workspace, snapshot, onClose }: SnapshotDialogProps) {
  const size = useSnapshotSize(snapshot.id)
  const frees = size?.exclusiveBytes ?? size?.bytes ?? null
  return (
    <Dialog open onClose={onClose} title="Delete the snapshot?" description={`This cannot be undone. ${workspace.name} stays as it is.`}>
      <DialogBody>
        <p>
          <code className="break-all">{snapshot.name}</code>, taken <Time value={snapshot.createdAt} />
          {frees !== null && `; it frees ${formatBytes(frees)}`}.
        </p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Keep it</Button>
        <Button
          variant="danger"
          onClick={() => {
            onClose()
            deleteSnapshot(snapshot)
          }}
        >
          Delete
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
