import { z } from 'zod'
import { storageDriverSchema } from '../../../shared/storage-driver-name'
import type { Step, UndoContext } from '../../operations/operation-definition'
import { LABEL_OPERATION } from '../../storage/drivers/storage-context'
import type { LifecycleServices } from '../base/lifecycle-services'
import { allContainersOf, removeMadeContainer } from '../base/own-containers'
import { removeLayers, removeOwnVolume } from '../base/owned-resources'
import { volumeNamesSchema, workspaceInputSchema } from '../base/workspace-input'
import { LABEL_HOME_VOLUME } from '../base/workspace-resources'
import { dropFormerContainer, startFormerAgain, stopBeforeSwitchStep, switchStep } from '../lifecycle/container-switch'
import { createReplacement } from '../lifecycle/create-container'
import { copyLayer, copyVolumes, type DiskTarget, diskSourceSchema } from '../lifecycle/disk-copy'
import { recordOf } from '../lifecycle/start-steps'

/** Volumes of a workspace, and what keeps them. */
const diskPlaceSchema = z.object({ volumes: volumeNamesSchema, storage: storageDriverSchema })
export type DiskPlace = z.infer<typeof diskPlaceSchema>

/** A workspace gets another disk state, or the same in another place. */
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
 * The new state is created next to the current one, with its own container, and replaces it by renaming the two containers. All of this can
 * be undone; a last step of the operation handles the state before.
 */
export function diskChangeSteps(services: LifecycleServices) {
  return {
    /** The first of them, and so the last that is taken back: the workspace starts again when the room is there again. */
    check: (assertRoom: RoomCheck) => checkStep(services, assertRoom),
    stop: stopBeforeSwitchStep(services),
    layer: layerStep(services),
    volumes: volumesStep(services),
    replacement: replacementStep(services),
    switch: switchStep<DiskChangeInput>(services, {
      after: ({ next }) => next,
      before: ({ previous }) => previous,
      madeByFirstVersion: (input) => madeByFirstVersion(services, input),
    }),
  }
}

/** The end of the container before, and of what its layer was kept as. */
export async function dropPreviousContainer(services: LifecycleServices, input: DiskChangeInput, context: UndoContext): Promise<void> {
  await dropFormerContainer(services, input, context)
  await removeLayers(services.engine, input, input.layer)
}

export async function dropPlace(
  services: LifecycleServices,
  id: string,
  { volumes, storage }: DiskPlace,
  context?: UndoContext,
): Promise<void> {
  await removeOwnVolume(services, { id, storage }, volumes.home, context)
  await removeOwnVolume(services, { id, storage }, volumes.docker, context)
}

type RoomCheck = (input: DiskChangeInput, signal: AbortSignal) => Promise<void> | null

function checkStep(services: LifecycleServices, assertRoom: RoomCheck): Step<DiskChangeInput> {
  return {
    name: 'check',
    title: 'Check free space',
    async run({ input, signal }) {
      await assertRoom(input, signal)
    },
    undo: (input, context) => startFormerAgain(services, input, context),
  }
}

function layerStep(services: LifecycleServices): Step<DiskChangeInput> {
  return {
    name: 'layer',
    title: 'Copy installed software',
    run: ({ input }) => copyLayer(services, input.source, input.layer),
    undo: ({ layer }) => services.engine.images.remove(layer),
  }
}

function volumesStep(services: LifecycleServices): Step<DiskChangeInput> {
  return {
    name: 'volumes',
    title: 'Copy volumes',
    run: ({ input, ...control }) => copyVolumes(services, input.source, targetOf(input, recordOf(services, input).limits), control),
    async undo(input, context) {
      // The engine may have made one late, asked by a process that was killed: it would hold the volumes.
      await removeMadeContainer(services.engine, context, input)
      await dropPlace(services, input.id, input.next, context)
    },
  }
}

function replacementStep(services: LifecycleServices): Step<DiskChangeInput> {
  const { engine } = services
  return {
    name: 'replacement',
    title: 'Create container',
    async run({ input, ...context }) {
      const record = recordOf(services, input)
      const { sshPort } = record
      if (sshPort === null) throw new Error(`${record.name} has no port for its new container`)
      await createReplacement(services, { ...record, ...input.next }, { image: input.layer, sshPort }, context)
    },
    undo: (input, context) => removeMadeContainer(engine, context, input),
  }
}

/** Berth 0.1.0 did not label what an operation made; its volumes tell. */
async function madeByFirstVersion({ engine }: LifecycleServices, { id, next }: DiskChangeInput) {
  const all = await allContainersOf(engine, { id })
  return all.find(({ labels }) => labels[LABEL_HOME_VOLUME] === next.volumes.home && !(LABEL_OPERATION in labels)) ?? null
}

function targetOf({ id, name, next }: DiskChangeInput, limits: DiskTarget['limits']): DiskTarget {
  return { id, name, limits, layerId: id, ...next, roles: { home: 'home', docker: 'docker' } }
}
