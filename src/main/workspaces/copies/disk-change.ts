import { z } from 'zod'
import { storageDriverSchema } from '../../../shared/storage-driver-name'
import type { Step } from '../../operations/operation-definition'
import { LABEL_ID } from '../../storage/drivers/storage-context'
import type { LifecycleServices } from '../base/lifecycle-services'
import { removeLayers, removeOwnContainer, removeOwnVolume } from '../base/owned-resources'
import { volumeNamesSchema, workspaceInputSchema } from '../base/workspace-input'
import {
  containerName,
  containerSpec,
  LABEL_HOME_VOLUME,
  previousName,
  replacementName,
  STOP_TIMEOUT_SECONDS,
} from '../base/workspace-resources'
import { copyLayer, copyVolumes, type DiskTarget, diskSourceSchema } from '../lifecycle/disk-copy'
import { recordOf } from '../lifecycle/start-steps'

/** Volumes of a workspace, and what keeps them. */
const diskPlaceSchema = z.object({ volumes: volumeNamesSchema, storage: storageDriverSchema })
export type DiskPlace = z.infer<typeof diskPlaceSchema>

/** A workspace that gets another disk state, or the same in another place. */
export const diskChangeInputSchema = workspaceInputSchema.extend({
  /** What the new state is a copy of. */
  source: diskSourceSchema,
  /** Image with the layer of the new state: the workspace's own name for it. */
  layer: z.string(),
  next: diskPlaceSchema,
  /** Of the state before, until it is kept or dropped. */
  previous: diskPlaceSchema,
  wasRunning: z.boolean(),
})
export type DiskChangeInput = z.infer<typeof diskChangeInputSchema>

/**
 * The new state is made beside the one there is, with a container of its own, and takes its place by renaming the two containers. All
 * of these can be taken back; what becomes of the state before is for a last step of the operation.
 */
export function diskChangeSteps(services: LifecycleServices) {
  return {
    /** The first of them, and so the last that is taken back: the workspace starts again when the room is there again. */
    check: (assertRoom: RoomCheck) => checkStep(services, assertRoom),
    stop: stopStep(services),
    layer: layerStep(services),
    volumes: volumesStep(services),
    replacement: replacementStep(services),
    switch: switchStep(services),
  }
}

/** The end of the container before; `keep` may still take its layer. */
export async function dropPreviousContainer(
  { engine }: LifecycleServices,
  { name, id, layer }: DiskChangeInput,
  keep?: (containerId: string) => Promise<void>,
): Promise<void> {
  const previous = await engine.containers.inspect(previousName(name))
  if (previous) {
    await keep?.(previous.id)
    await engine.containers.remove(previous.id)
  }
  await removeLayers(engine, { id }, layer)
}

export async function dropPlace(services: LifecycleServices, id: string, { volumes, storage }: DiskPlace): Promise<void> {
  await removeOwnVolume(services, { id, storage }, volumes.home)
  await removeOwnVolume(services, { id, storage }, volumes.docker)
}

type RoomCheck = (input: DiskChangeInput, signal: AbortSignal) => Promise<void> | null

function checkStep({ engine, registry }: LifecycleServices, assertRoom: RoomCheck): Step<DiskChangeInput> {
  return {
    name: 'check',
    title: 'Check room',
    async run({ input, signal }) {
      await assertRoom(input, signal)
    },
    async undo({ id, name, wasRunning }) {
      const container = await engine.containers.inspect(containerName(name))
      if (!wasRunning || !container || container.running) return
      await engine.containers.start(container.id)
      registry.setContainer(id, container.id)
    },
  }
}

function stopStep({ engine, registry }: LifecycleServices): Step<DiskChangeInput> {
  return {
    name: 'stop',
    title: 'Stop',
    async run({ input, skip }) {
      const container = registry.containerOf(input.id)
      if (!input.wasRunning) return skip('It is not running.')
      if (!container) throw new Error(`${input.name} has no container although it was running`)
      await engine.containers.stop(container.containerId, STOP_TIMEOUT_SECONDS)
      registry.markStopped(input.id)
    },
  }
}

function layerStep(services: LifecycleServices): Step<DiskChangeInput> {
  return {
    name: 'layer',
    title: 'Copy what was installed',
    run: ({ input }) => copyLayer(services, input.source, input.layer),
    undo: ({ layer }) => services.engine.images.remove(layer),
  }
}

function volumesStep(services: LifecycleServices): Step<DiskChangeInput> {
  return {
    name: 'volumes',
    title: 'Copy volumes',
    run: ({ input, signal, progress }) =>
      copyVolumes(services, input.source, targetOf(input, recordOf(services, input).limits), { signal, progress }),
    undo: ({ id, next }) => dropPlace(services, id, next),
  }
}

function replacementStep(services: LifecycleServices): Step<DiskChangeInput> {
  const { engine } = services
  return {
    name: 'replacement',
    title: 'Create container',
    async run({ input }) {
      const record = recordOf(services, input)
      const { sshPort } = record
      if (sshPort === null) throw new Error(`${record.name} has no port to be made anew with`)
      const name = replacementName(record.name)
      await removeOwnContainer(engine, record, name)
      const made = { name, image: input.layer, sshPort, owner: services.installationId }
      await engine.containers.create(containerSpec({ ...record, ...input.next }, services.settings(), made))
    },
    undo: (input) => removeOwnContainer(engine, input, replacementName(input.name)),
  }
}

function switchStep(services: LifecycleServices): Step<DiskChangeInput> {
  const { engine, records, registry } = services
  return {
    name: 'switch',
    title: 'Switch over',
    async run({ input }) {
      const record = recordOf(services, input)
      await renameOwn(services, record, containerName(record.name), previousName(record.name))
      await renameOwn(services, record, replacementName(record.name), containerName(record.name))
      const container = await engine.containers.inspect(containerName(record.name))
      await records.patch(record.id, input.next)
      registry.setContainer(record.id, container?.id ?? null)
    },
    async undo(input) {
      const current = await engine.containers.inspect(containerName(input.name))
      if (current?.labels[LABEL_HOME_VOLUME] === input.next.volumes.home) await removeOwnContainer(engine, input, current.name)
      await renameOwn(services, input, previousName(input.name), containerName(input.name))
      await records.patch(input.id, { ...input.previous, problem: null })
      registry.setContainer(input.id, (await engine.containers.inspect(containerName(input.name)))?.id ?? null)
    },
  }
}

async function renameOwn({ engine }: LifecycleServices, owner: { id: string }, from: string, to: string): Promise<void> {
  const container = await engine.containers.inspect(from)
  const taken = await engine.containers.inspect(to)
  if (container && !taken && container.labels[LABEL_ID] === owner.id) await engine.containers.rename(container.id, to)
}

function targetOf({ id, name, next }: DiskChangeInput, limits: DiskTarget['limits']): DiskTarget {
  return { id, name, limits, layerId: id, ...next, roles: { home: 'home', docker: 'docker' } }
}
