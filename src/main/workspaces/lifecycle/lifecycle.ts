import { z } from 'zod'
import { isBerthError } from '../../../shared/errors'
import { storageDriverSchema } from '../../../shared/storage-driver-name'
import { WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition, Step, StepContext } from '../../operations/operation-definition'
import { forwardRecordSchema, type WorkspaceRecord, workspaceRecordSchema } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { removeAllContainersOf } from '../base/own-containers'
import { ensureVolume, removeLayers, removeOwnVolume, takeBackVolume } from '../base/owned-resources'
import { type StartInput, startInputSchema, volumeNamesSchema, type WorkspaceInput, workspaceInputSchema } from '../base/workspace-input'
import { applyDiskLimit } from '../usage/disk-limit'
import { createContainer } from './create-container'
import { reserveStep } from './reserve-step'
import { scriptSteps, versionsWithoutScripts } from './script-steps'
import { snapshotRemovalStep } from './snapshots'
import { startAgain } from './start-container'
import { forgetProblem, recordOf, repoStep, SWITCH_STEP, startStep, startSteps } from './start-steps'

/** What a creation was asked for: all that its steps, and their undoing after a crash, need to know. */
const createInputSchema = workspaceInputSchema.extend({
  /** The future record; its port is reserved by the first step. */
  record: workspaceRecordSchema,
  /** Ports that are forwarded whenever it runs. */
  forwards: z.array(forwardRecordSchema).default([]),
})
export type CreateInput = z.infer<typeof createInputSchema>

/** With `now`, remaining processes are killed soon; `notice` says why it is stopped. */
const stopInputSchema = workspaceInputSchema.extend({ now: z.boolean().default(false), notice: z.string().nullable().default(null) })
export type StopInput = z.infer<typeof stopInputSchema>

const deleteInputSchema = workspaceInputSchema.extend({ volumes: volumeNamesSchema, storage: storageDriverSchema })
export type DeleteInput = z.infer<typeof deleteInputSchema>

export function createDefinition(services: LifecycleServices, onReserved: (workspaceId: string) => void): OperationDefinition<CreateInput> {
  const { images, records } = services
  const reserve = reserveStep<CreateInput>(services, onReserved)
  return {
    kind: 'workspace.create',
    version: 3,
    input: createInputSchema,
    older: versionsWithoutScripts('workspace.create'),
    // From here on it is running and may have been used.
    commitStep: 'repo',
    cancellable: true,
    steps: [
      {
        ...reserve,
        async run(context) {
          const { id, forwards, record } = context.input
          for (const notice of templateNotices(record)) context.notice(notice)
          // They are taken up as soon as the workspace is known; what takes that back takes them back.
          if (forwards.length > 0) await records.forwards.put(id, forwards)
          await reserve.run(context)
        },
      },
      {
        name: 'image',
        title: 'Get the image',
        async run({ input, signal, progress, detail }) {
          await images.ensure(input.record, {
            signal,
            onProgress(made, text) {
              progress(made)
              detail(text)
            },
          })
        },
      },
      volumeStep(services, 'home', 'Create home volume'),
      volumeStep(services, 'docker', 'Create Docker volume'),
      {
        name: 'container',
        title: 'Create container',
        async run({ input, ...context }) {
          const { reference } = await images.ensure(input.record, { signal: context.signal, onProgress: () => undefined })
          await createContainer(services, recordOf(services, input), reference, context)
        },
        undo: (input) => removeAllContainersOf(services, input),
      },
      startStep(services),
      repoStep(services),
      ...scriptSteps(services),
    ],
  }
}

/** What others have written should not go by unseen: which files of this machine a template of the library has the workspace get, or run. */
function templateNotices({ libraryTemplate, postStart, syncFiles, syncSshKeys }: WorkspaceRecord): string[] {
  if (libraryTemplate === undefined) return []
  const chosen = { postStart, syncFiles, syncSshKeys }
  const brought = (['postStart', 'syncFiles', 'syncSshKeys'] as const).filter(
    (field) => field in libraryTemplate.parts && chosen[field].length > 0,
  )
  return brought.map(
    (field) =>
      `The template ${libraryTemplate.id} copies ${WORKSPACE_FIELDS[field].title.toLowerCase()} from this machine: ${chosen[field].join(', ')}.`,
  )
}

function volumeStep(services: LifecycleServices, role: 'home' | 'docker', title: string): Step<CreateInput> {
  return {
    name: `${role}-volume`,
    title,
    async run({ input, ...context }) {
      await ensureVolume(services, input.record, input.record.volumes[role], role, context)
      // The last of the two; the limit is theirs together.
      if (role === 'docker') await applyDiskLimit(services, recordOf(services, input), input.record.volumes)
    },
    undo: ({ record }, context) => takeBackVolume(services, record, record.volumes[role], context),
  }
}

export function startDefinition(services: LifecycleServices): OperationDefinition<StartInput> {
  return {
    kind: 'workspace.start',
    version: 3,
    input: startInputSchema,
    older: versionsWithoutScripts('workspace.start'),
    commitStep: SWITCH_STEP,
    cancellable: true,
    steps: tellingRemarks([...startSteps(services), ...scriptSteps(services)]),
  }
}

/** The same steps, preceded by notices about requested changes that are not possible. */
function tellingRemarks([first, ...rest]: Step<WorkspaceInput>[]): Step<StartInput>[] {
  if (!first) return rest
  const telling: Step<StartInput> = {
    ...first,
    async run(context) {
      for (const remark of context.input.remarks) context.notice(remark)
      await first.run(context)
    },
  }
  return [telling, ...rest]
}

export function stopDefinition(services: LifecycleServices): OperationDefinition<StopInput> {
  return {
    kind: 'workspace.stop',
    version: 2,
    input: stopInputSchema,
    older: [firstVersion('workspace.stop')],
    commitStep: 'stop',
    cancellable: false,
    steps: [stopStep(services)],
  }
}

export function restartDefinition(services: LifecycleServices): OperationDefinition<WorkspaceInput> {
  return {
    kind: 'workspace.restart',
    version: 3,
    input: workspaceInputSchema,
    older: versionsWithoutScripts('workspace.restart'),
    commitStep: SWITCH_STEP,
    cancellable: true,
    steps: [restartStopStep(services), ...startSteps(services), ...scriptSteps(services)],
  }
}

function stopStep(services: LifecycleServices): Step<StopInput> {
  const { stops, registry } = services
  return {
    name: 'stop',
    title: 'Stop',
    async run({ input, detail, notice }) {
      if (input.notice !== null) notice(input.notice)
      const container = registry.containerOf(input.id)
      try {
        if (container)
          await stops.stop({ containerId: container.containerId, workspaceId: input.id }, { now: input.now, onWaiting: detail })
      } catch (error) {
        // A removed container has stopped; the engine's event may still be on the way.
        if (!isBerthError(error, 'ENGINE_REFUSED') || error.data.engineStatus !== 404) throw error
      }
      // At once: what events tell from here on is newer.
      registry.markStopped(input.id)
      await forgetProblem(services, input.id)
    },
  }
}

/** A restart that is undone before anything was recreated leaves the workspace as it was: running. */
function restartStopStep(services: LifecycleServices): Step<WorkspaceInput> {
  const { engine, registry } = services
  const stop = stopStep(services)
  return {
    ...stop,
    async run(context) {
      const container = registry.containerOf(context.input.id)
      if (container?.running) await context.remember('was running', container.containerId)
      await stop.run({ ...context, input: { ...context.input, now: false, notice: null } })
    },
    async undo({ id }, { recall, notice }) {
      const was = recall('was running')
      if (was !== null) await startAgain(services, id, await engine.containers.inspect(was), notice)
    },
  }
}

/** Once begun, it is always finished: nothing is undone. */
export function deleteDefinition(services: LifecycleServices): OperationDefinition<DeleteInput> {
  const { engine, records } = services
  return {
    kind: 'workspace.delete',
    version: 2,
    input: deleteInputSchema,
    older: [firstVersion('workspace.delete')],
    commitStep: 'container',
    cancellable: false,
    steps: [
      {
        name: 'container',
        title: 'Remove container',
        run: ({ input }) => removeAllContainersOf(services, input),
      },
      {
        name: 'home-volume',
        title: 'Remove home volume',
        run: (context) => removeVolume(services, context, 'home'),
      },
      {
        name: 'docker-volume',
        title: 'Remove Docker volume',
        run: (context) => removeVolume(services, context, 'docker'),
      },
      {
        name: 'layers',
        title: 'Remove its saved layer',
        run: ({ input }) => removeLayers(engine, input),
      },
      snapshotRemovalStep(services),
      {
        name: 'record',
        title: 'Free name and port',
        run: ({ input }) => records.remove(input.id),
      },
    ],
  }
}

async function removeVolume(
  services: LifecycleServices,
  { input, notice }: StepContext<DeleteInput>,
  role: 'home' | 'docker',
): Promise<void> {
  const name = input.volumes[role]
  if (!(await removeOwnVolume(services, input, name)))
    notice(`The volume ${name} was kept, because it no longer belongs to this workspace.`)
}
