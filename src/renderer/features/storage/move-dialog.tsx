import { useEffect } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { WorkspaceUsage } from '../../../shared/contract/storage'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { useEngineByReference, useSnapshots } from '../../store/store'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { formatCount } from '../../ui/format'
import { attempt } from '../../workspace-model/operations/attempt'
import { measureStorage, useStorageUsage } from '../../workspace-model/storage/storage-state'

/** Asks before it is moved to the other place. Closes at once; its page shows how it goes. */
export function MoveDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const isRunning = workspace.running
  const driver: StorageDriverName = workspace.storage === 'btrfs' ? 'plain' : 'btrfs'
  const snapshots = useSnapshots(workspace.id).length
  const move = () => {
    onClose()
    attempt(() => client.workspaces.move({ workspace: workspace.id, driver, stop: isRunning }))
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={driver === 'btrfs' ? `Move ${workspace.name} to the pool?` : `Move ${workspace.name} to plain volumes?`}
      description={
        isRunning ? 'It is stopped while its data is copied and then started again.' : 'It cannot be started while its data is copied.'
      }
    >
      <DialogBody className="flex flex-col gap-2">
        {isRunning && <p>Programs running in it end. Its files, name, port and limits stay.</p>}
        <CopiedSize workspace={workspace} driver={driver} />
        {snapshots > 0 && (
          <p>
            {snapshots === 1 ? 'Its snapshot stays' : `Its ${formatCount(snapshots, 'snapshot')} stay`} where{' '}
            {snapshots === 1 ? 'it is' : 'they are'}, and can be restored all the same.
          </p>
        )}
        <p className="text-ink-muted">If you cancel or it fails, nothing changes.</p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" onClick={move}>
          {isRunning ? 'Stop and move' : 'Move'}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

/** It may take a while to measure; nobody has to wait for it. */
function CopiedSize({ workspace, driver }: { workspace: Workspace; driver: StorageDriverName }) {
  const engineId = useEngineByReference(workspace.engine)?.id
  const { usage, isMeasuring } = useStorageUsage(engineId)
  useEffect(() => {
    if (engineId !== undefined) void measureStorage(engineId)
  }, [engineId])
  const measured = usage?.workspaces.find(({ workspaceId }) => workspaceId === workspace.id)
  const bytes = measured === undefined ? null : bytesToCopy(measured)
  const free = driver === 'btrfs' ? usage?.pool?.freeBytes : usage?.disk?.freeBytes
  const place = driver === 'btrfs' ? 'the pool' : 'the disk of the engine'
  if (bytes === null)
    return <p className="text-ink-muted">{isMeasuring ? 'Measuring how much to copy…' : 'The amount to copy is unknown.'}</p>
  return (
    <p>
      About <span className="font-medium tabular-nums">{formatBytes(bytes)}</span> to copy
      {free === undefined ? '.' : `; ${place} has ${formatBytes(free)} free.`}
    </p>
  )
}

/** The layer stays on the engine's disk. */
function bytesToCopy({ homeBytes, dockerBytes }: WorkspaceUsage): number | null {
  return homeBytes === null || dockerBytes === null ? null : homeBytes + dockerBytes
}
