import { z } from 'zod'
import { BerthError, isBerthError, toProblem } from '../../../shared/errors'
import { endMarked } from '../../engine/process-tree'
import type { OperationDefinition, Step, StepContext } from '../../operations/operation-definition'
import { readHostScript } from '../../provisioning/host-scripts'
import type { Script } from '../../provisioning/run-script'
import type { LifecycleServices } from '../base/lifecycle-services'
import { type WorkspaceInput, workspaceInputSchema } from '../base/workspace-input'
import { hasInitScript } from './configured-scripts'
import { postStartStep } from './post-start'
import { containerScripts, type ScriptedRecord, type ScriptServices, withScripts } from './script-runner'
import { recordOf } from './start-steps'

export const rerunInputSchema = workspaceInputSchema.extend({
  /** Post-start scripts have not run since its start, as its init script had failed. */
  postStart: z.boolean(),
})
export type RerunInput = z.infer<typeof rerunInputSchema>

/** Runs what has not run to its end yet: at the first start, and after a failure at the next ones. */
export function initStep(services: ScriptServices): Step<WorkspaceInput> {
  return {
    name: 'init',
    title: 'Run init script',
    followUp: true,
    async run(context) {
      if (recordOf(services, context.input).init === undefined) return context.skip('There is no init script.')
      await runInit(services, context)
    },
  }
}

/** Runs it again, whatever came of it before. */
export function rerunInitDefinition(lifecycle: LifecycleServices): OperationDefinition<RerunInput> {
  const services = containerScripts(lifecycle)
  return {
    kind: 'workspace.rerun-init',
    version: 1,
    input: rerunInputSchema,
    commitStep: 'init',
    cancellable: true,
    steps: rerunInitSteps(services),
  }
}

/** The steps of that, in whatever place. */
export function rerunInitSteps(services: ScriptServices): Step<RerunInput>[] {
  return [{ ...initStep(services), run: (context) => runInit(services, context) }, postStartStep(services, ({ input }) => input.postStart)]
}

/** How far it came is in the record, so that the next start goes on with it. */
async function runInit(services: ScriptServices, context: StepContext<WorkspaceInput>): Promise<void> {
  const { records } = services
  const record = recordOf(services, context.input)
  const { id, name } = record
  if (hasInitScript(services, record)) {
    try {
      await runScripts(services, record, context)
    } catch (error) {
      // What is cut off is `running` in the record until it runs again; it does so by itself when the engine is back.
      if (isBerthError(error) && !isBerthError(error, 'ENGINE_UNREACHABLE') && !isBerthError(error, 'CANCELLED'))
        await records.patch(id, { init: { status: 'failed', problem: toProblem(error) } })
      throw error
    }
  } else {
    context.notice(`${name} has no init script.`)
    context.skip('There is no init script.')
  }
  await records.patch(id, { init: undefined })
}

/** The script of all workspaces, then the workspace's own. Both run from their beginning, whatever a run before has done. */
async function runScripts(services: ScriptServices, record: ScriptedRecord, context: StepContext<WorkspaceInput>): Promise<void> {
  const { records, now, placeOf } = services
  const marker = `init.${record.id}.`
  const scripts = await readScripts(services, record)
  const { exec, containerId } = placeOf(record)
  if (record.init?.status !== 'pending') await endMarked(exec, containerId, marker)
  await records.patch(record.id, { init: { status: 'running' } })
  await withScripts(services, record, context, { source: 'init', user: 'root' }, async ({ run }) => {
    for (const { kind, script } of scripts) {
      const { exitCode, line, end } = await run(script, { title: TITLES[kind], marker })
      if (exitCode !== 0) throw initFailed(record.name, kind, exitCode ?? 1, line, end, now())
    }
  })
}

type Kind = 'shared' | 'own'
const TITLES: Record<Kind, string> = { shared: 'init script for all workspaces', own: 'init script' }

/** Throws FILE_UNUSABLE. */
async function readScripts(
  { settings, userHome }: ScriptServices,
  { initScript }: ScriptedRecord,
): Promise<{ kind: Kind; script: Script }[]> {
  const shared = settings().initScript
  return [
    ...(shared === null ? [] : [{ kind: 'shared' as const, script: await readHostScript(shared, userHome) }]),
    ...(initScript === null ? [] : [{ kind: 'own' as const, script: { name: 'init-script', content: Buffer.from(initScript) } }]),
  ]
}

function initFailed(workspace: string, script: Kind, exitCode: number, line: number | null, log: string[], at: Date): BerthError {
  const which = script === 'own' ? `The init script of ${workspace}` : `In ${workspace}, the init script for all workspaces`
  const where = line === null ? '' : ` at line ${line}`
  return new BerthError('INIT_SCRIPT_FAILED', `${which} failed${where} with exit code ${exitCode}.`, {
    ...{ workspace, script, exitCode, line, log, at: at.toISOString() },
    next: `Correct it, then run it again: “berth rerun-init ${workspace}”. Its output: “berth init-log ${workspace}”.`,
  })
}
