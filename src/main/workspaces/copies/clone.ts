import { z } from 'zod'
import { isBerthError } from '../../../shared/errors'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition, Step } from '../../operations/operation-definition'
import { workspaceRecordSchema } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { removeAllContainersOf } from '../base/own-containers'
import { removeLayers } from '../base/owned-resources'
import { workspaceInputSchema } from '../base/workspace-input'
import { copyLayer, copyVolumes, type DiskTarget, diskSourceSchema, layerOf, undoCopy } from '../lifecycle/disk-copy'
import { waitUntilReady } from '../lifecycle/readiness'
import { reserveStep } from '../lifecycle/reserve-step'
import { createContainer, recordOf, startStepIf } from '../lifecycle/start-steps'

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

/** Wholly made or wholly taken back; the source goes on as it was, whatever happens. */
export function cloneDefinition(services: LifecycleServices, onReserved: (workspaceId: string) => void): OperationDefinition<CloneInput> {
  const { engine, registry } = services
  return {
    kind: 'workspace.clone',
    version: 2,
    input: cloneInputSchema,
    older: [firstVersion('workspace.clone')],
    commitStep: null,
    cancellable: true,
    steps: [
      reserveStep(services, onReserved),
      stopSourceStep(services),
      {
        name: 'layer',
        title: 'Copy what was installed',
        run: ({ input }) => copyLayer(services, input.source, layerOf(input.id, 'clone')),
        undo: (input) => removeLayers(engine, input),
      },
      {
        name: 'volumes',
        title: 'Copy volumes',
        run: ({ input, ...control }) => copyVolumes(services, input.source, targetOf(input), control),
        undo: (input, context) => undoCopy(services, input.source, targetOf(input), context),
      },
      {
        name: 'start-source',
        title: 'Start the source again',
        async run({ input, skip }) {
          if (!(await startSource(services, input))) skip('It was not stopped.')
        },
      },
      {
        name: 'container',
        title: 'Create container',
        run: ({ input, operationId }) => createContainer(services, recordOf(services, input), layerOf(input.id, 'clone'), operationId),
        async undo(input) {
          await removeAllContainersOf(engine, input)
          registry.setContainer(input.id, null)
        },
      },
      startStepIf(services, ({ startClone }) => startClone),
    ],
  }
}

function stopSourceStep(services: LifecycleServices): Step<CloneInput> {
  const { engine, freeSpace } = services
  return {
    name: 'stop-source',
    title: 'Stop the source',
    async run({ input: { id, stopSource, source }, signal, skip, detail }) {
      if (!stopSource || !source.container?.wasRunning) return skip('It goes on.')
      await freeSpace.assertForStart(source.storage, signal)
      await services.stops.stop({ containerId: source.container.id, workspaceId: id }, { onWaiting: detail })
    },
    async undo(input, { notice }) {
      // One that somebody has removed meanwhile cannot be started.
      if (!input.source.container || !(await engine.containers.inspect(input.source.container.id))) return
      try {
        await startSource(services, input)
      } catch (error) {
        // It is started again, as it was; what keeps it from being ready is its own matter.
        if (!isBerthError(error, 'WORKSPACE_START_FAILED') && !isBerthError(error, 'TIMED_OUT')) throw error
        notice(error.message)
      }
    },
  }
}

/** Returns whether there was anything to start. */
async function startSource({ engine, registry }: LifecycleServices, { stopSource, source, sourceName }: CloneInput): Promise<boolean> {
  if (!stopSource || !source.container?.wasRunning || sourceName === null) return false
  const { id } = source.container
  await engine.containers.start(id)
  await waitUntilReady(engine, { name: sourceName, containerId: id }, { signal: new AbortController().signal })
  registry.markReadyContainer(id)
  return true
}

function targetOf({ id, name, record }: CloneInput): DiskTarget {
  const { volumes, storage, limits } = record
  return { id, name, limits, layerId: id, volumes, storage, roles: { home: 'home', docker: 'docker' } }
}
