import type { OperationDefinition, Step } from '../operations/operation-definition'
import type { SnapshotRecord } from '../settings/records'
import { copyLayer, copyVolumes, type DiskSource, type DiskTarget, layerOf, undoCopy } from './disk-copy'
import type { LifecycleServices } from './lifecycle-services'
import { removeLayers, removeOwnVolume } from './owned-resources'
import type { WorkspaceInput } from './start-steps'

export interface SnapshotCreateInput extends WorkspaceInput {
  snapshot: SnapshotRecord
  source: DiskSource
}

export interface SnapshotDeleteInput extends WorkspaceInput {
  snapshotId: string
}

/** A snapshot is in the list once it is whole; until then nothing is to be seen of it. */
export function snapshotCreateDefinition(services: LifecycleServices): OperationDefinition<SnapshotCreateInput> {
  return {
    kind: 'snapshot.create',
    commitStep: null,
    cancellable: true,
    steps: [
      {
        name: 'layer',
        title: 'Keep what was installed',
        run: ({ input }) => copyLayer(services, input.source, layerOf(input.snapshot.id, 'snapshot')),
        undo: ({ snapshot }) => removeLayers(services.engine, snapshot),
      },
      {
        name: 'volumes',
        title: 'Keep volumes',
        run: ({ input, signal, progress }) => copyVolumes(services, input.source, targetOf(input), { signal, progress }),
        undo: (input) => undoCopy(services, input.source, targetOf(input)),
      },
      {
        name: 'record',
        title: 'Add it to the list',
        run: ({ input }) => addSnapshot(services, input.snapshot),
        undo: ({ snapshot }) => forgetSnapshot(services, snapshot.id),
      },
    ],
  }
}

export function snapshotDeleteDefinition(services: LifecycleServices): OperationDefinition<SnapshotDeleteInput> {
  return {
    kind: 'snapshot.delete',
    commitStep: 'volumes',
    cancellable: false,
    steps: [
      {
        name: 'volumes',
        title: 'Remove snapshot',
        async run({ input }) {
          const snapshot = services.records.snapshots.get(input.snapshotId)
          if (snapshot) await removeSnapshot(services, snapshot)
        },
      },
    ],
  }
}

/** For the end of a workspace: its snapshots go with it. */
export function snapshotRemovalStep(services: LifecycleServices): Step<WorkspaceInput> {
  return {
    name: 'snapshots',
    title: 'Remove its snapshots',
    async run({ input, skip }) {
      const snapshots = services.records.snapshots.list(input.id)
      if (snapshots.length === 0) return skip()
      for (const snapshot of snapshots) await removeSnapshot(services, snapshot)
    },
  }
}

export async function addSnapshot({ records, emit }: LifecycleServices, snapshot: SnapshotRecord): Promise<void> {
  await records.snapshots.put(snapshot)
  emit({ type: 'snapshot-changed', snapshot: { ...snapshot, bytes: null, exclusiveBytes: null } })
}

/** Volumes, layer and record, in an order in which a crash leaves the record to find the rest by. */
export async function removeSnapshot(services: LifecycleServices, snapshot: SnapshotRecord): Promise<void> {
  const owner = { id: snapshot.workspaceId, storage: snapshot.storage }
  await removeOwnVolume(services, owner, snapshot.volumes.home)
  await removeOwnVolume(services, owner, snapshot.volumes.docker)
  await removeLayers(services.engine, snapshot)
  await forgetSnapshot(services, snapshot.id)
}

async function forgetSnapshot({ records, emit }: LifecycleServices, snapshotId: string): Promise<void> {
  await records.snapshots.remove(snapshotId)
  emit({ type: 'snapshot-removed', snapshotId })
}

function targetOf({ snapshot, name }: SnapshotCreateInput): DiskTarget {
  return {
    id: snapshot.workspaceId,
    name,
    limits: null,
    layerId: snapshot.id,
    volumes: snapshot.volumes,
    roles: { home: 'snapshot-home', docker: 'snapshot-docker' },
  }
}
