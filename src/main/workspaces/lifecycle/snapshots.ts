import type { Step } from '../../operations/operation-definition'
import type { SnapshotRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { snapshotView } from '../base/losses'
import { removeLayers, removeOwnVolume } from '../base/owned-resources'
import type { WorkspaceInput } from '../base/workspace-input'

/** For the end of a workspace: its snapshots go with it. */
export function snapshotRemovalStep(services: LifecycleServices): Step<WorkspaceInput> {
  return {
    name: 'snapshots',
    title: 'Remove its snapshots',
    async run({ input, skip }) {
      const snapshots = services.records.snapshots.list(input.id)
      if (snapshots.length === 0) return skip('It has none.')
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
  const owner = { id: snapshot.workspaceId, storage: snapshot.storage }
  await removeOwnVolume(services, owner, snapshot.volumes.home)
  await removeOwnVolume(services, owner, snapshot.volumes.docker)
  await removeLayers(services.engine, snapshot)
  await forgetSnapshot(services, snapshot.id)
}

export async function forgetSnapshot({ records, emit }: LifecycleServices, snapshotId: string): Promise<void> {
  await records.snapshots.remove(snapshotId)
  emit({ type: 'snapshot-removed', snapshotId })
}
