import type { Settings } from '../../../shared/contract/settings'
import { HOME_FOLDER } from '../../../shared/files/file-path'
import { REPO_PATH } from '../../../shared/repo-path'
import type { Exec } from '../../engine/exec'
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

export type ScriptSource = 'init' | 'post-start'

/** What scripts need to know of their workspace, in whatever place it is. */
export type ScriptedRecord = Pick<WorkspaceRecord, 'id' | 'name' | 'initScript' | 'postStart' | 'init' | 'problem'>

/** Where the scripts of a workspace run. */
interface ScriptPlace {
  exec: Exec
  containerId: string
  /** Where they begin, if it is there. */
  cwd: string
  /** Files there that they are logged to. */
  logs: Record<ScriptSource, string>
  /** What they have until it is released. */
  useEnvironment(user: string): Promise<{ environment: Record<string, string | null>; release(): void }>
}

/** What runs scripts, in whatever place the workspace is. */
export interface ScriptServices {
  settings: () => Settings
  /** The home folder of the user on this machine. */
  userHome: string
  now: () => Date
  records: {
    get(id: string): ScriptedRecord | null
    patch(id: string, change: Partial<Pick<ScriptedRecord, 'init' | 'problem'>>): Promise<void>
  }
  /** Throws what `containerIdOf` throws. */
  placeOf(record: ScriptedRecord): ScriptPlace
}

/** In the container of the workspace. */
export function containerScripts(services: LifecycleServices): ScriptServices {
  const { settings, userHome, now, records } = services
  return {
    ...{ settings, userHome, now, records },
    placeOf({ id }) {
      const record = services.registry.find(id)
      return {
        exec: services.engine.exec,
        containerId: containerIdOf(services, record),
        cwd: record.repoState === 'cloned' ? REPO_PATH : HOME_FOLDER,
        logs: SERVICE_LOGS,
        async useEnvironment(user) {
          const given = services.handOvers.environmentOf(record)
          const agent = services.agents.use(id, user, given)
          // A script may use it at once.
          await agent?.linked()
          return { environment: { ...given, ...agent?.environment }, release: () => agent?.release() }
        },
      }
    },
  }
}

/** Runs scripts in a workspace, one after the other; they share a log. */
interface ScriptRunner {
  /** `title` is what it is called in the log. `end` has its last lines. Throws as `runScript` does. */
  run(script: Script, options: { title: string; marker: string; timeoutMs?: number }): Promise<ScriptResult & { end: string[] }>
  /** A line of Berth's own in the log. */
  say(text: string): Promise<void>
}

/** Begins the log of that name in the workspace, and ends it when `work` has ended. Throws what `work` and the engine throw. */
export async function withScripts(
  { placeOf, now }: Pick<ScriptServices, 'placeOf' | 'now'>,
  record: ScriptedRecord,
  { signal, detail, notice }: Pick<StepContext<WorkspaceInput>, 'signal' | 'detail' | 'notice'>,
  { source, user }: { source: ScriptSource; user: 'root' | 'workspace' },
  work: (runner: ScriptRunner) => Promise<void>,
): Promise<void> {
  const { exec, containerId, cwd, logs, useEnvironment } = placeOf(record)
  const log = await openScriptLog(exec, containerId, logs[source], now)
  const { environment, release } = await useEnvironment(user)
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
        const result = await runScript(exec, script, { containerId, user, preferredCwd: cwd, environment, signal, onLines, ...options })
        await log.write([`[${title}] ${outcomeOf(result)}, ${((now().getTime() - began) / 1000).toFixed(1)} s`])
        return { ...result, end }
      },
      say: (text) => log.write([text]),
    })
  } finally {
    release()
    if (!(await log.end())) notice(`The log “${source}” of ${record.name} is incomplete, possibly because the disk is full.`)
  }
}

function outcomeOf({ exitCode, line }: ScriptResult): string {
  if (exitCode === null) return 'ended at its time limit'
  return line === null ? `exit code ${exitCode}` : `exit code ${exitCode} at line ${line}`
}
