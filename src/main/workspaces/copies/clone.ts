import { z } from 'zod'
import { isBerthError } from '../../../shared/errors'
import type { OperationDefinition, Step, UndoContext } from '../../operations/operation-definition'
import { workspaceRecordSchema } from '../../settings/records'
import { LABEL_ID } from '../../storage/drivers/storage-context'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerGone, removeAllContainersOf } from '../base/own-containers'
import { removeLayers } from '../base/owned-resources'
import { workspaceInputSchema } from '../base/workspace-input'
import { containerName } from '../base/workspace-resources'
import { createContainer } from '../lifecycle/create-container'
import {
  copyLayer,
  copyVolumes,
  type DiskTarget,
  diskSourceSchema,
  layerOf,
  removeUnnamedCopy,
  sourceServices,
  undoCopy,
} from '../lifecycle/disk-copy'
import { assertSameArchitecture, createEngineTransfer, type EngineTransfer } from '../lifecycle/disk-transfer'
import { waitUntilReady } from '../lifecycle/readiness'
import { reserveStep } from '../lifecycle/reserve-step'
import { scriptStepsIf, versionsWithoutScripts } from '../lifecycle/script-steps'
import { startContainer } from '../lifecycle/start-container'
import { recordOf, startStepIf } from '../lifecycle/start-steps'

/** A workspace made as a copy of another or of a snapshot. */
const cloneInputSchema = workspaceInputSchema.extend({
  /** Of the clone. */
  record: workspaceRecordSchema,
  source: diskSourceSchema,
  /** The source's, for messages; null when it is a snapshot. */
  sourceName: z.string().nullable(),
  /** Stop the source for the copy and start it again. */
  stopSource: z.boolean(),
  startClone: z.boolean(),
})
export type CloneInput = z.infer<typeof cloneInputSchema>

/** Either created or undone completely, except for its scripts; the source always keeps running. */
export function cloneDefinition(services: LifecycleServices, onReserved: (workspaceId: string) => void): OperationDefinition<CloneInput> {
  const { engine } = services
  return {
    kind: 'workspace.clone',
    version: 3,
    input: cloneInputSchema,
    older: versionsWithoutScripts('workspace.clone'),
    commitStep: 'init',
    cancellable: true,
    placesOf: ({ place, source }) => [place, ...(source.place === undefined ? [] : [source.place])],
    steps: [
      reserveStep(services, onReserved),
      stopSourceStep(services),
      {
        name: 'layer',
        title: 'Copy installed software',
        async run({ input, ...control }) {
          await prepareSource(services, input, control)
          await copyLayer(services, input.source, layerOf(input.id, 'clone'), control)
        },
        async undo(input) {
          await removeUnnamedCopy(services, input.source, layerOf(input.id, 'clone'))
          await removeLayers(engine, input)
          await removeLayers(sourceServices(services, input.source).engine, input)
        },
      },
      {
        name: 'volumes',
        title: 'Copy volumes',
        run: ({ input, ...control }) => copyVolumes(services, input.source, targetOf(input), control),
        async undo(input, context) {
          // The engine may have made one late, asked by a process that was killed: it would hold the volumes.
          await removeAllContainersOf(services, input)
          await undoCopy(services, input.source, targetOf(input), context)
        },
      },
      {
        name: 'start-source',
        title: 'Start the source again',
        async run({ input, skip, notice }) {
          if (!(await startSource(services, input, notice))) skip('It was not stopped.')
        },
      },
      {
        name: 'container',
        title: 'Create container',
        run: ({ input, ...context }) => createContainer(services, recordOf(services, input), layerOf(input.id, 'clone'), context),
        undo: (input) => removeAllContainersOf(services, input),
      },
      startStepIf(services, ({ startClone }) => startClone),
      ...scriptStepsIf(services, ({ startClone }: CloneInput) => startClone),
    ],
  }
}

function stopSourceStep(services: LifecycleServices): Step<CloneInput> {
  return {
    name: 'stop-source',
    title: 'Stop the source',
    async run({ input: { id, stopSource, source }, signal, skip, detail }) {
      if (!stopSource || !source.container?.wasRunning) return skip('It keeps running.')
      const from = sourceServices(services, source)
      await from.freeSpace.assertForStart(source.storage, signal)
      await from.stops.stop({ containerId: source.container.id, workspaceId: id }, { onWaiting: detail })
    },
    async undo(input, { notice }) {
      // A source that was removed in the meantime cannot be started.
      const { engine } = sourceServices(services, input.source)
      if (!input.source.container || !(await engine.containers.inspect(input.source.container.id))) return
      try {
        await startSource(services, input, notice)
      } catch (error) {
        // It is started again, as it was; what keeps it from being ready is its own matter.
        if (!isBerthError(error, 'WORKSPACE_START_FAILED') && !isBerthError(error, 'TIMED_OUT')) throw error
        notice(error.message)
      }
    },
  }
}

/** Returns whether there was anything to start. */
async function startSource(
  services: LifecycleServices,
  { stopSource, source, sourceName }: CloneInput,
  notice: UndoContext['notice'],
): Promise<boolean> {
  const from = sourceServices(services, source)
  const { engine, registry, records } = from
  if (!stopSource || !source.container?.wasRunning || sourceName === null) return false
  const { id } = source.container
  const record = records.get((await engine.containers.inspect(id))?.labels[LABEL_ID] ?? '')
  if (!record) throw containerGone(containerName(sourceName))
  const keys = await startContainer(from, record, id, notice)
  const handOver = from.handOvers.forWatch(record, id, keys)
  await waitUntilReady(engine, { name: sourceName, containerId: id }, { signal: new AbortController().signal, handOver })
  registry.markReady(record.id, id)
  return true
}

/** From another engine: that this one can take it. */
async function prepareSource(
  services: LifecycleServices,
  { id, source }: CloneInput,
  control: Parameters<EngineTransfer['prepare']>[0],
): Promise<void> {
  const from = sourceServices(services, source)
  if (from.id === services.id) return
  const transfer = createEngineTransfer(from, services, id)
  await transfer.prepare(control)
  assertSameArchitecture(services, from)
  await transfer.assertRoom([{ names: source.volumes, storage: source.storage }], control.signal)
}

function targetOf({ id, name, record }: CloneInput): DiskTarget {
  const { volumes, storage, limits } = record
  return { id, name, limits, layerId: id, volumes, storage, roles: { home: 'home', docker: 'docker' } }
}
