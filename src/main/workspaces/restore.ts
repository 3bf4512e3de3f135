import type { OperationDefinition } from '../operations/operation-definition'
import type { SnapshotRecord } from '../settings/records'
import { LABEL_ID } from '../storage/storage-context'
import { copyVolumes, type DiskSource, type DiskTarget, layerOf } from './disk-copy'
import type { LifecycleServices } from './lifecycle-services'
import { removeLayers, removeOwnContainer, removeOwnVolume } from './owned-resources'
import { addSnapshot, removeSnapshot } from './snapshot-steps'
import { recordOf, startStepIf, type WorkspaceInput } from './start-steps'
import { containerName, containerSpec, previousName, replacementName, STOP_TIMEOUT_SECONDS, type VolumeNames } from './workspace-resources'

export interface RestoreInput extends WorkspaceInput {
  source: DiskSource
  /** Image with the layer of the restored state: the workspace's own name for it. */
  layer: string
  /** Of the restored state. */
  volumes: VolumeNames
  /** Of the state before, until it is kept or dropped. */
  previousVolumes: VolumeNames
  wasRunning: boolean
  /** What the state before is kept as; null to drop it. */
  keepAs: SnapshotRecord | null
}

/**
 * The restored state is made beside the one there is, and takes its place in one step. Until it has started, all is
 * taken back on any failure or crash; from `finish` on the state before is kept as a snapshot, or dropped.
 */
export function restoreDefinition(services: LifecycleServices): OperationDefinition<RestoreInput> {
  const { engine, records, registry } = services
  return {
    kind: 'snapshot.restore',
    commitStep: 'finish',
    cancellable: true,
    steps: [
      {
        name: 'volumes',
        title: 'Copy the snapshot',
        run: ({ input, signal, progress }) =>
          copyVolumes(services, input.source, targetOf(input, recordOf(services, input).limits), { signal, progress }),
        async undo(input) {
          const owner = { id: input.id, storage: input.source.storage }
          await removeOwnVolume(services, owner, input.volumes.home)
          await removeOwnVolume(services, owner, input.volumes.docker)
        },
      },
      {
        name: 'stop',
        title: 'Stop',
        async run({ input, skip }) {
          const container = registry.containerOf(input.id)
          if (!input.wasRunning || !container) return skip()
          await engine.containers.stop(container.containerId, STOP_TIMEOUT_SECONDS)
          registry.markStopped(input.id)
        },
        async undo(input) {
          const container = await engine.containers.inspect(containerName(input.name))
          if (!input.wasRunning || !container) return
          await engine.containers.start(container.id)
          registry.setContainer(input.id, container.id)
        },
      },
      {
        name: 'replacement',
        title: 'Create container',
        async run({ input }) {
          const record = recordOf(services, input)
          if (input.source.image === null || record.sshPort === null)
            throw new Error(`${record.name} has no layer or port to be restored with`)
          await removeOwnContainer(engine, record, replacementName(record.name))
          await engine.images.tag(input.source.image, input.layer)
          const made = {
            name: replacementName(record.name),
            image: input.layer,
            sshPort: record.sshPort,
            owner: services.installationId,
            volumes: input.volumes,
          }
          await engine.containers.create(containerSpec(record, services.settings(), made))
        },
        async undo(input) {
          await removeOwnContainer(engine, input, replacementName(input.name))
          await engine.images.remove(input.layer)
        },
      },
      {
        name: 'switch',
        title: 'Switch over',
        async run({ input }) {
          const record = recordOf(services, input)
          await renameOwn(services, record, containerName(record.name), previousName(record.name))
          await renameOwn(services, record, replacementName(record.name), containerName(record.name))
          const container = await engine.containers.inspect(containerName(record.name))
          await records.patch(record.id, { volumes: input.volumes, storage: input.source.storage })
          registry.setContainer(record.id, container?.id ?? null)
        },
        async undo(input) {
          const previous = await engine.containers.inspect(previousName(input.name))
          if (previous) {
            await removeOwnContainer(engine, input, containerName(input.name))
            await renameOwn(services, input, previousName(input.name), containerName(input.name))
          }
          await records.patch(input.id, { volumes: input.previousVolumes, problem: null })
          registry.setContainer(input.id, (await engine.containers.inspect(containerName(input.name)))?.id ?? null)
        },
      },
      startStepIf(services, ({ wasRunning }) => wasRunning),
      {
        name: 'finish',
        title: 'Keep the state before',
        run: ({ input }) => finish(services, input),
      },
    ],
  }
}

async function finish(services: LifecycleServices, input: RestoreInput): Promise<void> {
  const { engine } = services
  const previous = await engine.containers.inspect(previousName(input.name))
  const { keepAs } = input
  if (previous) {
    if (keepAs) await engine.containers.commit(previous.id, layerOf(keepAs.id, 'snapshot'), { pause: false })
    await engine.containers.remove(previous.id)
  }
  await removeLayers(engine, input, input.layer)
  if (keepAs) {
    await addSnapshot(services, keepAs)
    await dropSurplus(services, input.id)
    return
  }
  await removeOwnVolume(services, { id: input.id, storage: input.source.storage }, input.previousVolumes.home)
  await removeOwnVolume(services, { id: input.id, storage: input.source.storage }, input.previousVolumes.docker)
}

/** Automatic snapshots beyond the number of the settings, oldest first. */
async function dropSurplus(services: LifecycleServices, workspaceId: string): Promise<void> {
  const automatic = services.records.snapshots.list(workspaceId).filter((snapshot) => snapshot.automatic)
  const surplus = automatic.length - services.settings().automaticSnapshotsKept
  for (const snapshot of automatic.slice(0, Math.max(0, surplus))) await removeSnapshot(services, snapshot)
}

async function renameOwn({ engine }: LifecycleServices, owner: { id: string }, from: string, to: string): Promise<void> {
  const container = await engine.containers.inspect(from)
  const taken = await engine.containers.inspect(to)
  if (container && !taken && container.labels[LABEL_ID] === owner.id) await engine.containers.rename(container.id, to)
}

function targetOf({ id, name, volumes }: RestoreInput, limits: DiskTarget['limits']): DiskTarget {
  return { id, name, limits, layerId: id, volumes, roles: { home: 'home', docker: 'docker' } }
}
