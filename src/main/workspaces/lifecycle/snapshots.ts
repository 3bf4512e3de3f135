import { snapshotNameOf } from '../../../shared/snapshot-name'
import type { Step, UndoContext } from '../../operations/operation-definition'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices, WorkspaceServices } from '../base/lifecycle-services'
import { snapshotView } from '../base/losses'
import { removeLayers, removeOwnVolume } from '../base/owned-resources'
import { newWorkspaceId } from '../base/workspace-id'
import type { WorkspaceInput } from '../base/workspace-input'
import { snapshotVolumeNames } from '../base/workspace-resources'

/** For the end of a workspace: its snapshots go with it. */
export function snapshotRemovalStep(services: LifecycleServices): Step<WorkspaceInput> {
  return {
    name: 'snapshots',
    title: 'Remove its snapshots',
    async run({ input, skip }) {
      const snapshots = services.records.snapshots.list(input.id)
      if (snapshots.length === 0) return skip('It has no snapshots.')
      for (const snapshot of snapshots) await removeSnapshot(services, snapshot)
    },
  }
}

export async function addSnapshot({ records, emit, losses }: LifecycleServices, snapshot: SnapshotRecord): Promise<void> {
  await records.snapshots.put(snapshot)
  emit({ type: 'snapshot-changed', snapshot: snapshotView(snapshot, losses) })
}

/** Volumes, layer and record, in an order in which a crash leaves the record to find the rest by. */
export async function removeSnapshot(services: LifecycleServices, snapshot: SnapshotRecord): Promise<void> {
  await removeSnapshotData(services, snapshot)
  await forgetSnapshot(services, snapshot.id)
}

/** The same without the record: removes what is on that engine. `context` is that of an undo. */
export async function removeSnapshotData(services: LifecycleServices, snapshot: SnapshotRecord, context?: UndoContext): Promise<void> {
  const owner = { id: snapshot.workspaceId, storage: snapshot.storage }
  await removeOwnVolume(services, owner, snapshot.volumes.home, context)
  await removeOwnVolume(services, owner, snapshot.volumes.docker, context)
  await removeLayers(services.engine, snapshot)
}

export async function forgetSnapshot({ records, emit }: LifecycleServices, snapshotId: string): Promise<void> {
  await records.snapshots.remove(snapshotId)
  emit({ type: 'snapshot-removed', snapshotId })
}

type SnapshotServices = Pick<WorkspaceServices, 'records' | 'now'>

/** The record of a snapshot that is about to be taken. */
export function newSnapshot(
  { now }: Pick<SnapshotServices, 'now'>,
  record: WorkspaceRecord,
  { name, automatic }: Pick<SnapshotRecord, 'name' | 'automatic'>,
): SnapshotRecord {
  const id = newWorkspaceId()
  return {
    id,
    workspaceId: record.id,
    place: record.place,
    name,
    automatic,
    volumes: snapshotVolumeNames(id),
    storage: record.storage,
    createdAt: now().toISOString(),
  }
}

/** The same for one that Berth takes by itself, named by its reason and the time. */
export function newAutomaticSnapshot(
  services: SnapshotServices,
  record: WorkspaceRecord,
  reason: 'before-restore' | 'before-rebuild',
): SnapshotRecord {
  const name = freeSnapshotName(services, record, `${reason}-${snapshotNameOf(services.now())}`)
  return newSnapshot(services, record, { name, automatic: true })
}

/** That name, or with a number behind it. */
export function freeSnapshotName({ records }: Pick<SnapshotServices, 'records'>, record: WorkspaceRecord, base: string): string {
  const taken = new Set(records.snapshots.list(record.id).map(({ name }) => name))
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`
    if (!taken.has(name)) return name
  }
}

/** Removes automatic snapshots beyond the number of the settings, oldest first. */
export async function dropSurplusSnapshots(services: LifecycleServices, workspaceId: string): Promise<void> {
  const automatic = services.records.snapshots.list(workspaceId).filter((snapshot) => snapshot.automatic)
  const surplus = automatic.length - services.settings().automaticSnapshotsKept
  for (const snapshot of automatic.slice(0, Math.max(0, surplus))) await removeSnapshot(services, snapshot)
}
