import { HOME_FOLDER } from '../../../shared/files/file-path'
import { REPO_PATH } from '../../../shared/repo-path'
import { openScriptLog } from '../../logs/script-log'
import { SERVICE_LOGS } from '../../logs/service-logs'
import type { StepContext } from '../../operations/operation-definition'
import { runScript, type Script, type ScriptResult } from '../../provisioning/run-script'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerIdOf } from '../base/own-containers'
import type { WorkspaceInput } from '../base/workspace-input'

/** Kept with a failure. */
const KEPT_LOG_LINES = 20
const LONGEST_KEPT_LINE = 1000

/** Runs scripts in a workspace, one after the other; they share a log. */
interface ScriptRunner {
  /** `title` is what it is called in the log. `end` has its last lines. Throws as `runScript` does. */
  run(script: Script, options: { title: string; marker: string; timeoutMs?: number }): Promise<ScriptResult & { end: string[] }>
  /** A line of Berth's own in the log. */
  say(text: string): Promise<void>
}

/** Begins the log of that name in the workspace, and ends it when `work` has ended. Throws what `work` and the engine throw. */
export async function withScripts(
  services: LifecycleServices,
  record: WorkspaceRecord,
  { signal, detail, notice }: Pick<StepContext<WorkspaceInput>, 'signal' | 'detail' | 'notice'>,
  { source, user }: { source: 'init' | 'post-start'; user: 'root' | 'workspace' },
  work: (runner: ScriptRunner) => Promise<void>,
): Promise<void> {
  const { engine, now } = services
  const containerId = containerIdOf(services, record)
  const preferredCwd = record.repoState === 'cloned' ? REPO_PATH : HOME_FOLDER
  const given = services.handOvers.environmentOf(record)
  const log = await openScriptLog(engine.exec, containerId, SERVICE_LOGS[source], now)
  const agent = services.agents.use(record.id, user, given)
  // A script may use it at once.
  await agent?.linked()
  const environment = { ...given, ...agent?.environment }
  try {
    await work({
      async run(script, { title, ...options }) {
        const end: string[] = []
        const began = now().getTime()
        await log.write([`[${title}] begins`])
        const onLines = async (lines: string[]) => {
          detail(lines.at(-1) ?? '')
          end.push(...lines.slice(-KEPT_LOG_LINES).map((line) => line.slice(0, LONGEST_KEPT_LINE)))
          end.splice(0, end.length - KEPT_LOG_LINES)
          await log.write(lines)
        }
        const result = await runScript(engine.exec, script, { containerId, user, preferredCwd, environment, signal, onLines, ...options })
        await log.write([`[${title}] ${outcomeOf(result)}, ${((now().getTime() - began) / 1000).toFixed(1)} s`])
        return { ...result, end }
      },
      say: (text) => log.write([text]),
    })
  } finally {
    agent?.release()
    if (!(await log.end())) notice(`The log “${source}” of ${record.name} could not be written whole. Its disk may be full.`)
  }
}

function outcomeOf({ exitCode, line }: ScriptResult): string {
  if (exitCode === null) return 'ended at its time limit'
  return line === null ? `exit code ${exitCode}` : `exit code ${exitCode} at line ${line}`
}
