import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isBerthError, toProblem } from '../../../shared/errors'
import { isRepoProblem } from '../../../shared/repo-problem'
import { log } from '../../log'
import type { OperationDefinition, Step, StepContext } from '../../operations/operation-definition'
import { cloneRepo } from '../../provisioning/repo'
import { HOST_PLACE, type HostRecord, hostRecordSchema } from '../../settings/records'
import type { WorkspaceInput } from '../base/workspace-input'
import { initStep, rerunInitSteps } from '../lifecycle/init-script'
import { postStartStep } from '../lifecycle/post-start'
import { forgetProblem, recordOf } from '../lifecycle/start-steps'
import { bringEntries, type EntryServices } from './host-entries'
import { assertFolder, copyToFolder, makeFolder, removeOwnFolder, takeBackFolder } from './host-folders'
import { endAllIn, HOST_ID, type HostServices, hostLogs, hostScripts } from './host-services'

const hostInputSchema = z.object({ id: z.string(), name: z.string() })
type HostInput = z.infer<typeof hostInputSchema>

/** `makesFolder`: there is none yet. */
const createInputSchema = hostInputSchema.extend({ record: hostRecordSchema, makesFolder: z.boolean() })
const cloneInputSchema = hostInputSchema.extend({
  record: hostRecordSchema,
  sourceFolder: z.string(),
  startClone: z.boolean(),
})
const rerunInputSchema = hostInputSchema.extend({ place: z.string().default(HOST_PLACE), postStart: z.boolean() })
const renameInputSchema = hostInputSchema.extend({ newName: z.string() })
const deleteInputSchema = hostInputSchema.extend({ removesFolder: z.boolean() })

/** Everything of more than one step that happens to host workspaces. No step needs an engine. */
export function hostDefinitions(services: HostServices, onReserved: (workspaceId: string) => void) {
  const { hosts, views } = services
  const scripts = hostScripts(services)
  const started = [initStep(scripts), postStartStep(scripts, hasStarted)].map((step) => afterStart(services, step))

  const recordStep: Step<HostInput & { record: z.infer<typeof hostRecordSchema> }> = {
    name: 'reserve',
    title: 'Reserve name',
    async run({ input: { record } }) {
      await hosts.put(record)
      views.publish(record.id)
      onReserved(record.id)
    },
    async undo({ id }) {
      await hosts.remove(id)
      views.publish(id)
    },
  }

  const stopStep: Step<HostInput> = {
    name: 'stop',
    title: 'End running programs',
    async run({ input }) {
      views.markStopped(input.id)
      await endAllIn(services, input)
      await forgetProblem(scripts, input.id)
      views.publish(input.id)
    },
  }

  const create: OperationDefinition<z.infer<typeof createInputSchema>> = {
    kind: 'host.create',
    version: 1,
    input: createInputSchema,
    commitStep: 'start',
    cancellable: true,
    steps: [
      recordStep,
      {
        name: 'folder',
        title: 'Create folder',
        async run(context) {
          const { id, record, makesFolder } = context.input
          if (!makesFolder) return context.skip('It already exists.')
          await hosts.patch(id, { created: await makeFolder(record.hostFolder, context) })
        },
        undo: ({ record }, context) => takeBackFolder(record.hostFolder, context),
      },
      startStep(services),
      repoStep(services),
      entriesStep(services),
      ...started,
    ],
  }

  const clone: OperationDefinition<z.infer<typeof cloneInputSchema>> = {
    kind: 'host.clone',
    version: 1,
    input: cloneInputSchema,
    commitStep: 'start',
    cancellable: true,
    steps: [
      recordStep,
      {
        name: 'copy',
        title: 'Copy folder',
        async run(context) {
          const { id, record, sourceFolder } = context.input
          await hosts.patch(id, { created: await copyToFolder(services.machine, sourceFolder, record.hostFolder, context) })
        },
        undo: ({ record }, context) => takeBackFolder(record.hostFolder, context),
      },
      ...[startStep(services), entriesStep(services), ...started].map((step) =>
        ifWanted(step, ({ startClone }: z.infer<typeof cloneInputSchema>) => startClone),
      ),
    ],
  }

  const start: OperationDefinition<HostInput> = {
    kind: 'host.start',
    version: 1,
    input: hostInputSchema,
    commitStep: 'start',
    cancellable: true,
    steps: [startStep(services), repoStep(services), entriesStep(services), ...started],
  }
  const stop: OperationDefinition<HostInput> = {
    kind: 'host.stop',
    version: 1,
    input: hostInputSchema,
    commitStep: 'stop',
    cancellable: false,
    steps: [stopStep],
  }
  const restart: OperationDefinition<HostInput> = {
    kind: 'host.restart',
    version: 1,
    input: hostInputSchema,
    commitStep: 'stop',
    cancellable: true,
    steps: [stopStep, startStep(services), repoStep(services), entriesStep(services), ...started],
  }
  const rerunInit: OperationDefinition<z.infer<typeof rerunInputSchema>> = {
    kind: 'host.rerun-init',
    version: 1,
    input: rerunInputSchema,
    commitStep: 'init',
    cancellable: true,
    steps: rerunInitSteps(scripts),
  }
  const rename: OperationDefinition<z.infer<typeof renameInputSchema>> = {
    kind: 'host.rename',
    version: 1,
    input: renameInputSchema,
    commitStep: 'record',
    cancellable: false,
    steps: [
      {
        name: 'record',
        title: 'Take the new name',
        atomic: true,
        async run({ input }) {
          await hosts.patch(input.id, { name: input.newName })
          views.publish(input.id)
        },
      },
    ],
  }
  const remove: OperationDefinition<z.infer<typeof deleteInputSchema>> = {
    kind: 'host.delete',
    version: 1,
    input: deleteInputSchema,
    commitStep: 'stop',
    cancellable: false,
    steps: [
      stopStep,
      {
        name: 'folder',
        title: 'Remove folder',
        async run({ input, skip, notice }) {
          const record = hosts.get(input.id)
          if (!record) return skip('It is already deleted.')
          if (!input.removesFolder || record.created === null) {
            await takeBackEntries(services, record, notice)
            return skip('It is kept.')
          }
          if (!(await removeOwnFolder(record)))
            notice(`The folder ${record.hostFolder} was kept, because it is not the one that Berth created.`)
        },
      },
      {
        name: 'record',
        title: 'Free name',
        async run({ input }) {
          const logs = Object.values(hostLogs(services.logFolder, input.id))
          const files = [...logs.flatMap((log) => [log, `${log}.old`]), join(services.entriesFolder, `${input.id}.json`)]
          await Promise.all(files.map((path) => rm(path, { force: true })))
          await hosts.remove(input.id)
          views.publish(input.id)
        },
      },
    ],
  }
  return { create, clone, start, stop, restart, rerunInit, rename, delete: remove }
}
export type HostDefinitions = ReturnType<typeof hostDefinitions>

const STARTED = 'started'

/** Whether this operation has started it, and not found it running. */
const hasStarted = ({ recall }: Pick<StepContext<unknown>, 'recall'>): boolean => recall(STARTED) !== null

/** From now on commands can run in it. */
function startStep({ hosts, views, now }: HostServices): Step<HostInput> {
  return {
    name: 'start',
    title: 'Start',
    // Where it is the commit step, its failure is taken back.
    atomic: true,
    followUp: true,
    async run(context) {
      const record = recordOf({ records: hosts }, { ...context.input, place: HOST_PLACE })
      await assertFolder(record)
      if (!views.isRunning(record.id)) {
        await context.remember(STARTED, 'yes')
        await hosts.patch(record.id, ({ problem }) => ({
          startedAt: now().toISOString(),
          problem: problem?.code === 'HOST_FOLDER_UNUSABLE' ? null : problem,
        }))
      }
      views.markRunning(record.id)
    },
  }
}

/** Taken up by another process, it runs again from that on. */
function afterStart({ views }: HostServices, step: Step<WorkspaceInput>): Step<HostInput> {
  const { undo: _, ...rest } = step
  return {
    ...rest,
    async run(context) {
      views.markRunning(context.input.id)
      await step.run({ ...context, input: { ...context.input, place: HOST_PLACE } })
    },
  }
}

/** By this machine's own git, with the logins that it has. A repository that is there is left as it is. */
function repoStep({ hosts, machine, views }: HostServices): Step<HostInput> {
  return {
    name: 'repo',
    title: 'Clone repository',
    followUp: true,
    async run({ input, signal, progress, detail, notice, skip }) {
      const record = recordOf({ records: hosts }, { ...input, place: HOST_PLACE })
      if (record.repo === null) return skip('It has no repository.')
      const onProgress: Parameters<typeof cloneRepo>[0]['onProgress'] = (made, line) => {
        if (made) progress(made)
        detail(line)
      }
      const work = { workspace: record.name, folder: record.hostFolder, url: record.repo, credential: null, signal, onProgress, notice }
      try {
        const found = await cloneRepo({ ...work, engine: machine, containerId: HOST_ID }, record, `${record.hostFolder}/repo`)
        const solved = record.problem !== null && isRepoProblem(record.problem.code)
        await hosts.patch(record.id, { repoState: 'cloned', ...found, ...(solved ? { problem: null } : {}) })
      } catch (error) {
        if (isBerthError(error) && isRepoProblem(error.code))
          await hosts.patch(record.id, { repoState: 'failed', problem: toProblem(error) })
        throw error
      } finally {
        views.publish(record.id)
      }
    },
  }
}

/** Skills and tools of the library. What keeps them from coming is no reason not to use the workspace. */
function entriesStep(services: HostServices): Step<HostInput> {
  return {
    name: 'entries',
    title: 'Copy skills and tools',
    followUp: true,
    async run({ input, notice }) {
      const record = recordOf({ records: services.hosts }, { ...input, place: HOST_PLACE })
      for (const problem of await broughtProblems(services, record)) notice(problem)
    },
  }
}

/** In sentences. */
export async function broughtProblems(services: EntryServices, record: HostRecord): Promise<string[]> {
  try {
    return (await bringEntries(services, record)).problems
  } catch (error) {
    log.warn({ err: error, workspace: record.name }, 'the skills and tools of a host workspace could not be copied')
    return [`Its skills and tools could not be copied: ${error instanceof Error ? error.message : String(error)}`]
  }
}

async function takeBackEntries(services: HostServices, record: HostRecord, notice: (text: string) => void): Promise<void> {
  for (const problem of await broughtProblems(services, { ...record, skills: [], tools: [] })) notice(problem)
}

function ifWanted<Input extends HostInput>(step: Step<HostInput>, isWanted: (input: Input) => boolean): Step<Input> {
  const { undo: _, ...rest } = step
  return { ...rest, run: async (context) => (isWanted(context.input) ? step.run(context) : context.skip('No start was requested.')) }
}
