import type { Snapshot } from '../../../shared/snapshot'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { currentPath, go, parseWorkspaceRoute, routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { useStore } from '../../store/store'
import { attempt } from '../operations/attempt'
import type { Outcome } from '../operations/operation-notices'

type SnapshotReference = Pick<Snapshot, 'id' | 'workspaceId'>

/** Each begins something and returns at once. What comes of it comes with the events. */

/** By the time when no name is given. */
export function takeSnapshot({ id }: Workspace, name?: string): void {
  attempt(() => client.snapshots.create({ workspace: id, ...(name === undefined ? {} : { name }) }))
}

/** `force` was agreed to for a workspace that ran when it was asked; one that was started since is asked about again. */
export function restoreSnapshot({ workspaceId, id }: SnapshotReference, { force }: { force: boolean }): void {
  const before = new Set(automaticSnapshots(workspaceId).map((snapshot) => snapshot.id))
  attempt(() => client.snapshots.restore({ workspace: workspaceId, snapshot: id, force }), {
    onForce: () => restoreSnapshot({ workspaceId, id }, { force: true }),
    outcome: () => keptState(workspaceId, before),
  })
}

function automaticSnapshots(workspaceId: string): Snapshot[] {
  return (useStore.getState().snapshots[workspaceId] ?? []).filter(({ automatic }) => automatic)
}

/** The state before a restore, as the automatic snapshot that was not there `before`. */
function keptState(workspaceId: string, before: ReadonlySet<string>): Outcome | null {
  const kept = automaticSnapshots(workspaceId).find(({ id }) => !before.has(id))
  const name = useStore.getState().workspaces.byId[workspaceId]?.name
  if (kept === undefined || name === undefined) return null
  const open = parseWorkspaceRoute(currentPath())
  const isInSight = open?.name === name && open.tab === 'snapshots'
  return {
    message: `The state before is kept as the snapshot “${kept.name}”.`,
    actions: isInSight ? [] : [{ label: 'Show snapshots', run: () => go(routes.workspace(name, 'snapshots')) }],
  }
}

export function restoreSnapshotAs({ workspaceId, id }: SnapshotReference, name: string): void {
  attempt(() => client.snapshots.restoreAs({ workspace: workspaceId, snapshot: id, name }), {
    onEdit: () => openDialog({ kind: 'restore-snapshot-as', workspaceId, snapshotId: id, name }),
  })
}

export function deleteSnapshot({ workspaceId, id }: SnapshotReference): void {
  attempt(() => client.snapshots.delete({ workspace: workspaceId, snapshot: id }))
}
