import { BerthError, toProblem } from '../../../shared/errors'
import { endMarked } from '../../engine/process-tree'
import type { Step, StepContext } from '../../operations/operation-definition'
import { type HostScripts, readHostScripts } from '../../provisioning/host-scripts'
import type { WorkspaceInput } from '../base/workspace-input'
import { postStartPaths } from './configured-scripts'
import { type ScriptedRecord, type ScriptServices, withScripts } from './script-runner'
import { forgetProblem, recordOf, wasStartedHere } from './start-steps'

const BEGUN = 'post-start'

/** Runs the scripts for each start. Those of a workspace that was running have run. */
export function postStartStep<Input extends WorkspaceInput>(
  services: ScriptServices,
  isDue: (context: StepContext<Input>) => boolean = wasStartedHere,
): Step<Input> {
  return {
    name: 'post-start',
    title: 'Run post-start scripts',
    followUp: true,
    async run(context) {
      const record = recordOf(services, context.input)
      const paths = postStartPaths(services, record)
      const hasFailed = record.problem?.code === 'POST_START_FAILED'
      if (paths.length === 0) context.skip('There are no post-start scripts.')
      else if (!isDue(context) && !hasFailed) return context.skip('It was running.')
      else await runScripts(services, record, await readHostScripts(paths, services.userHome), context)
      if (hasFailed) await forgetProblem(services, record.id)
    },
  }
}

async function runScripts(
  services: ScriptServices,
  record: ScriptedRecord,
  { scripts, problems }: HostScripts,
  context: StepContext<WorkspaceInput>,
): Promise<void> {
  const { records, settings, placeOf } = services
  const { recall, remember, notice, progress, detail } = context
  const { postStartTimeoutSeconds: seconds, postStartFailOnError: failOnError } = settings()
  const marker = `post-start.${record.id}.`
  // What a former process has left of this step.
  if (recall(BEGUN) !== null) {
    const { exec, containerId } = placeOf(record)
    await endMarked(exec, containerId, marker)
  }
  await remember(BEGUN, 'yes')
  await withScripts(services, record, context, { source: 'post-start', user: 'workspace' }, async ({ run, say }) => {
    for (const problem of problems) {
      notice(`Post-start scripts: ${problem}`)
      await say(problem)
    }
    for (const [index, script] of scripts.entries()) {
      progress({ done: index + 1, total: scripts.length, unit: 'steps' })
      detail(script.name)
      const options = { title: script.name, marker: `${marker}${index}.`, timeoutMs: seconds * 1000 }
      const { exitCode, end } = await run(script, options)
      if (exitCode === 0) continue
      const failure = postStartFailed(record.name, script.name, exitCode, seconds, end)
      if (!failOnError) notice(failure.message)
      else {
        await records.patch(record.id, { problem: toProblem(failure) })
        throw failure
      }
    }
  })
}

function postStartFailed(workspace: string, script: string, exitCode: number | null, seconds: number, log: string[]): BerthError {
  const how = exitCode === null ? `reached its time limit of ${seconds} s` : `failed with exit code ${exitCode}`
  return new BerthError('POST_START_FAILED', `The post-start script ${script} ${how}.`, {
    ...{ workspace, script, exitCode, log },
    next: `Correct it, then run it again: “berth start ${workspace}”. Its output: “berth logs ${workspace} --source post-start”.`,
  })
}
