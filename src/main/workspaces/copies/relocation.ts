import { z } from 'zod'
import type { OperationDefinition, Step, StepContext } from '../../operations/operation-definition'
import { placementSchema, type SnapshotRecord, snapshotRecordSchema } from '../../settings/records'
import { keepLayer } from '../base/layer'
import type { LifecycleServices } from '../base/lifecycle-services'
import {
  allContainersOf,
  containerGone,
  knowContainer,
  madeContainer,
  ownContainer,
  removeMadeContainer,
  renameContainer,
} from '../base/own-containers'
import { checkNothingForeign, ensureVolume, removeLayers, removeUnnamedLayers } from '../base/owned-resources'
import { containerName, snapshotLayer } from '../base/workspace-resources'
import { startFormerAgain, stopBeforeSwitchStep } from '../lifecycle/container-switch'
import { createReplacement } from '../lifecycle/create-container'
import { copyLayer } from '../lifecycle/disk-copy'
import { assertSameArchitecture, createEngineTransfer, type EngineTransfer, servicesIn } from '../lifecycle/disk-transfer'
import { scriptSteps } from '../lifecycle/script-steps'
import { addSnapshot, forgetSnapshot, removeSnapshotData } from '../lifecycle/snapshots'
import { recordOf, startStep } from '../lifecycle/start-steps'
import { applyDiskLimit } from '../usage/disk-limit'
import { diskChangeInputSchema, dropPlace } from './disk-change'

const relocationInputSchema = diskChangeInputSchema.extend({
  /** Id of the place to move to; `place` is where it was. */
  to: z.string(),
  sshPort: z.number().nullable(),
  /** Of the Swarm that has chosen the place, before and after; null for none. */
  placements: z.object({ next: placementSchema.nullable(), previous: placementSchema.nullable() }).default({ next: null, previous: null }),
  /** As they are before the move; they go along. */
  snapshots: z.array(snapshotRecordSchema),
  /** Removed at the end instead. */
  dropSnapshots: z.boolean(),
})
export type RelocationInput = z.infer<typeof relocationInputSchema>

/** Kept when its port is not free where it moves to. */
const NEW_PORT = 'new port'

/**
 * A workspace moves to another engine. Everything is sent while it runs; then it is stopped, the latest changes follow, and it starts
 * there. Until it has started, any failure or crash undoes everything; from `finish` on, the rest at the source is removed.
 */
export function relocationDefinition(here: LifecycleServices): OperationDefinition<RelocationInput> {
  const there = ({ to }: RelocationInput) => servicesIn(here, to)
  const transfer = (input: RelocationInput) => createEngineTransfer(here, there(input), input.id)
  const moved = ({ snapshots, dropSnapshots }: RelocationInput) => (dropSnapshots ? [] : snapshots)
  return {
    kind: 'workspace.relocate',
    version: 1,
    input: relocationInputSchema,
    commitStep: 'finish',
    cancellable: true,
    placesOf: ({ place, to }) => [place, to],
    steps: [
      {
        name: 'check',
        title: 'Check free space',
        run: (context) => check(here, there(context.input), transfer(context.input), moved(context.input), context),
        undo: (input, context) => startFormerAgain(here, input, context),
      },
      {
        name: 'layer',
        title: 'Send installed software',
        async run({ input, ...control }) {
          await copyLayer(here, input.source, input.layer)
          await transfer(input).image(input.layer, control)
        },
        async undo(input) {
          await there(input).engine.images.remove(input.layer)
          await here.engine.images.remove(input.layer)
          // The layer is kept and sent twice under one name, and may have been cut off before it had it.
          await removeUnnamedLayers(there(input).engine, input)
          await removeUnnamedLayers(here.engine, input)
        },
      },
      {
        name: 'volumes',
        title: 'Send volumes',
        async run({ input, ...context }) {
          const owner = { ...recordOf(here, input), ...input.next }
          await ensureVolume(there(input), owner, input.next.volumes.home, 'home', context)
          await ensureVolume(there(input), owner, input.next.volumes.docker, 'docker', context)
          if (!input.wasRunning) return context.skip('The workspace is not running, so one pass is enough.')
          await transfer(input).volumes({ from: input.source.volumes, to: input.next.volumes }, { ...context, final: false })
        },
        async undo(input, context) {
          await transfer(input).endHelpers()
          // The engine may have made one late, asked by a process that was killed: it would hold the volumes.
          await removeMadeContainer(there(input).engine, context, input)
          await dropPlace(there(input), input.id, input.next, context)
        },
      },
      {
        name: 'snapshots',
        title: 'Send snapshots',
        async run({ input, ...context }) {
          if (input.snapshots.length === 0) return context.skip('It has no snapshots.')
          if (input.dropSnapshots) return context.skip('Snapshots are not moved.')
          for (const snapshot of input.snapshots) await sendSnapshot(there(input), input, snapshot, transfer(input), context)
        },
        async undo(input, context) {
          await transfer(input).endHelpers()
          for (const snapshot of input.snapshots)
            await removeSnapshotData(there(input), { ...snapshot, storage: input.next.storage }, context)
        },
      },
      stopBeforeSwitchStep(here),
      {
        name: 'final',
        title: 'Send the latest changes',
        async run({ input, ...context }) {
          const target = there(input)
          if (input.source.container && input.wasRunning) {
            await keepLayer(here.engine, input.source.container.id, input.layer)
            await transfer(input).image(input.layer, context)
          }
          await transfer(input).volumes({ from: input.source.volumes, to: input.next.volumes }, { ...context, final: true })
          await applyDiskLimit(target, { ...recordOf(here, input), ...input.next }, input.next.volumes)
        },
        undo: (input) => transfer(input).endHelpers(),
      },
      portStep(here, there),
      {
        name: 'container',
        title: 'Create container',
        async run({ input, ...context }) {
          const record = recordOf(here, input)
          const sshPort = Number(context.recall(NEW_PORT)) || input.sshPort
          if (sshPort === null) throw new Error(`${record.name} has no port for its new container`)
          const asThere = { ...record, ...input.next, place: input.to, adoptedVolumes: [] }
          await createReplacement(there(input), asThere, { image: input.layer, sshPort }, context)
        },
        async undo(input, context) {
          const { engine, network } = there(input)
          await removeMadeContainer(engine, context, input)
          // Made for it where nothing else is.
          network.onWorkspaceRemoved(input.id)
        },
      },
      switchStep(here, there, moved),
      thereIfRan(there, here, startStep(here)),
      {
        name: 'finish',
        title: 'Remove it from the previous engine',
        run: ({ input }) => finish(here, there(input), input),
      },
      ...scriptSteps(here).map((step) => thereIfRan(there, here, step)),
    ],
  }
}

async function check(
  here: LifecycleServices,
  there: LifecycleServices,
  transfer: EngineTransfer,
  snapshots: SnapshotRecord[],
  context: StepContext<RelocationInput>,
): Promise<void> {
  const { input } = context
  const record = recordOf(here, input)
  await transfer.prepare(context)
  assertSameArchitecture(there, here)
  await checkNothingForeign(there, record, Object.values(input.next.volumes))
  const kept = snapshots.map(({ volumes, storage }) => ({ names: volumes, storage }))
  await transfer.assertRoom([{ names: input.source.volumes, storage: input.source.storage }, ...kept], context.signal)
}

async function sendSnapshot(
  there: LifecycleServices,
  { name, next }: RelocationInput,
  snapshot: SnapshotRecord,
  transfer: EngineTransfer,
  context: Pick<StepContext<never>, 'signal' | 'progress' | 'detail' | 'remember' | 'recall'>,
): Promise<void> {
  const { volumes } = snapshot
  context.detail(snapshot.name)
  const owner = { id: snapshot.workspaceId, name, storage: next.storage }
  await ensureVolume(there, owner, volumes.home, 'snapshot-home', context)
  await ensureVolume(there, owner, volumes.docker, 'snapshot-docker', context)
  await transfer.volumes({ from: volumes, to: volumes }, { ...context, final: true })
  await transfer.image(snapshotLayer(snapshot.id), context)
}

/** The port stays, if nothing else has it where the workspace is reached from then on. */
function portStep(here: LifecycleServices, there: (input: RelocationInput) => LifecycleServices): Step<RelocationInput> {
  return {
    name: 'port',
    title: 'Check SSH port',
    async run({ input, remember, notice, skip }) {
      const { engine, ports } = there(input)
      if (input.sshPort !== null && (await ports.canBind(input.sshPort, engine))) return skip('The port stays the same.')
      const reservation = await ports.reserve()
      await remember(NEW_PORT, String(reservation.port))
      // From here on the record has it, so that nobody else is given it.
      await here.records.patch(input.id, { sshPort: reservation.port })
      reservation.release()
      notice(`Its SSH port is now ${reservation.port}.`)
    },
    undo: ({ id, sshPort }) => here.records.patch(id, { sshPort }),
  }
}

/** From here on it is a workspace of the other engine. */
function switchStep(
  here: LifecycleServices,
  there: (input: RelocationInput) => LifecycleServices,
  moved: (input: RelocationInput) => SnapshotRecord[],
): Step<RelocationInput> {
  const { records, registry } = here
  return {
    name: 'switch',
    title: 'Switch over',
    async run({ input, ...context }) {
      const { engine } = there(input)
      const made = await madeContainer(engine, context, input)
      if (!made) throw containerGone(containerName(input.name))
      await renameContainer(engine, made.id, containerName(input.name))
      for (const snapshot of moved(input)) await addSnapshot(here, { ...snapshot, place: input.to, storage: input.next.storage })
      await records.patch(input.id, { place: input.to, placement: input.placements.next ?? undefined, ...input.next, keptLayer: null })
      registry.setContainer(input.id, made.id)
    },
    async undo(input) {
      await records.patch(input.id, {
        place: input.place,
        placement: input.placements.previous ?? undefined,
        ...input.previous,
        problem: null,
      })
      for (const snapshot of moved(input)) await addSnapshot(here, snapshot)
      const former = await ownContainer(here.engine, input)
      if (former) await knowContainer(here, input, former.id)
      else registry.setContainer(input.id, null)
    },
  }
}

/** A step of a start, on the engine that it has moved to; nothing for one that stood still. */
function thereIfRan<Context extends RelocationInput>(
  there: (input: RelocationInput) => LifecycleServices,
  here: LifecycleServices,
  step: Step<Pick<RelocationInput, 'id' | 'name' | 'place'>>,
): Step<Context> {
  const all = (services: LifecycleServices) => [startStep(services), ...scriptSteps(services)]
  return {
    ...step,
    async run(context) {
      if (!context.input.wasRunning) return context.skip('The workspace stays stopped.')
      const services = there(context.input)
      const same = services === here ? step : all(services).find(({ name }) => name === step.name)
      await same?.run({ ...context, input: { ...context.input, place: context.input.to } })
    },
  }
}

async function finish(here: LifecycleServices, there: LifecycleServices, input: RelocationInput): Promise<void> {
  const { engine } = here
  // By their label; the registry knows of the one that took their place.
  for (const { id } of await allContainersOf(engine, input)) await engine.containers.remove(id)
  await dropPlace(here, input.id, input.previous)
  await removeLayers(engine, input)
  for (const snapshot of input.snapshots) {
    await removeSnapshotData(here, snapshot)
    if (input.dropSnapshots) await forgetSnapshot(here, snapshot.id)
  }
  await removeLayers(there.engine, input, input.layer)
  await removeUnnamedLayers(engine, input)
  await removeUnnamedLayers(there.engine, input)
  // With the last workspace the networks go, too.
  here.network.onWorkspaceRemoved(input.id)
  here.registry.publish(input.id)
}
