import type { Snapshot } from '../../../shared/snapshot'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { openDialog } from '../../store/dialogs'
import { attempt } from '../operations/attempt'

type SnapshotReference = Pick<Snapshot, 'id' | 'workspaceId'>

/** Each begins something and returns at once. What comes of it comes with the events. */

/** By the time when no name is given. */
export function takeSnapshot({ id }: Workspace, name?: string): void {
  attempt(() => client.snapshots.create({ workspace: id, ...(name === undefined ? {} : { name }) }))
}

/** `force` was agreed to for a workspace that ran when it was asked; one that was started since is asked about again. */
export function restoreSnapshot({ workspaceId, id }: SnapshotReference, { force }: { force: boolean }): void {
  attempt(() => client.snapshots.restore({ workspace: workspaceId, snapshot: id, force }), {
    onForce: () => restoreSnapshot({ workspaceId, id }, { force: true }),
  })
}

export function restoreSnapshotAs({ workspaceId, id }: SnapshotReference, name: string): void {
  attempt(() => client.snapshots.restoreAs({ workspace: workspaceId, snapshot: id, name }), {
    onEdit: () => openDialog({ kind: 'restore-snapshot-as', workspaceId, snapshotId: id, name }),
  })
}

export function deleteSnapshot({ workspaceId, id }: SnapshotReference): void {
  attempt(() => client.snapshots.delete({ workspace: workspaceId, snapshot: id }))
}
