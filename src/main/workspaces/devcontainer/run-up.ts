import { StringDecoder } from 'node:string_decoder'
import { BerthError } from '../../../shared/errors'
import { streamCommand } from '../../engine/run-command'
import { openScriptLog } from '../../logs/script-log'
import { SERVICE_LOGS } from '../../logs/service-logs'
import type { StepContext } from '../../operations/operation-definition'
import { folderOfConfig, readOutcome, type UpOutcome, type UpRequest, upCommand } from '../../provisioning/devcontainer/cli-command'
import { createCliLogReader } from '../../provisioning/devcontainer/cli-log'
import type { WorkspaceRecord } from '../../settings/records'
import { identityVariables } from '../base/environment'
import type { LifecycleServices } from '../base/lifecycle-services'
import { maskSecrets } from '../base/mask-secrets'
import { containerIdOf } from '../base/own-containers'

/** A build of a large image over a slow line; what takes longer hangs. */
const TIMEOUT_MS = 4 * 60 * 60 * 1000
/** Of its result, which has the configuration in it. */
const MAX_RESULT_BYTES = 4 * 1024 * 1024
const KEPT_LOG_LINES = 20
const LONGEST_KEPT_LINE = 1000
const LONGEST_SHOWN_PATH = 200

/**
 * Runs `devcontainer up` in a workspace to its end, and writes its log there. When it is aborted, it is ended with all it started, in the dev
 * container too. Throws DEVCONTAINER_FAILED with its last lines, TIMED_OUT, CANCELLED, and what the engine throws.
 */
export async function runUp(
  services: LifecycleServices,
  record: WorkspaceRecord,
  { signal, detail, notice }: Pick<StepContext<unknown>, 'signal' | 'detail' | 'notice'>,
  { cli, request }: { cli: readonly string[]; request: UpRequest },
): Promise<Extract<UpOutcome, { outcome: 'success' }>> {
  const { engine, now, agents, handOvers } = services
  const containerId = containerIdOf(services, record)
  const given = handOvers.environmentOf(record)
  const log = await openScriptLog(engine.exec, containerId, SERVICE_LOGS.devcontainer, now)
  const agent = agents.use(record.id, 'workspace', given)
  const end: string[] = []
  const reader = createCliLogReader()
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  let result = ''

  // Commands that the CLI prints may contain values of variables, which must not get into a layer or a file of Berth.
  const secrets = secretsOf(services, record)
  async function say(said: string[]): Promise<void> {
    if (said.length === 0) return
    const lines = maskSecrets(said, secrets)
    detail(lines.at(-1) ?? '')
    end.push(...lines.slice(-KEPT_LOG_LINES).map((line) => line.slice(0, LONGEST_KEPT_LINE)))
    end.splice(0, end.length - KEPT_LOG_LINES)
    await log.write(lines)
  }

  try {
    // Its commands in the workspace may use it at once.
    await agent?.linked()
    await log.write([`[${request.path}] ${request.rebuild ? 'rebuild begins' : 'begins'}`])
    const { timedOut } = await streamCommand(
      engine.exec,
      {
        ...{ containerId, user: 'workspace', cwd: folderOfConfig(request.path), timeoutMs: TIMEOUT_MS, signal },
        environment: { ...given, ...agent?.environment },
        command: upCommand(cli, request),
        marker: request.marker.value,
      },
      async (stream, chunk) => {
        const text = decoders[stream].write(chunk)
        if (stream === 'stderr') return say(reader.take(text))
        // The outcome is its last line.
        result = (result + text).slice(-MAX_RESULT_BYTES)
      },
    )
    await say(reader.end())
    if (timedOut) throw timeOut(record.name)
    const outcome = readOutcome(result)
    const reason =
      outcome === null ? 'its CLI ended without a result' : outcome.outcome === 'error' ? maskSecrets(outcome.message, secrets) : null
    await log.write([reason === null ? `[${request.path}] up` : `[${request.path}] failed: ${reason}`])
    if (outcome?.outcome === 'success') return outcome
    throw failed(record.name, request.path, outcome?.containerId ?? null, reason ?? '', end)
  } finally {
    agent?.release()
    if (!(await log.end())) notice(`The log “devcontainer” of ${record.name} is incomplete, possibly because the disk is full.`)
  }
}

function secretsOf({ environmentOf }: LifecycleServices, record: WorkspaceRecord): string[] {
  const own = identityVariables(record)
  return Object.entries(environmentOf(record).variables).flatMap(([name, value]) => (name in own ? [] : [value]))
}

function timeOut(workspace: string): BerthError {
  const [what, seconds] = [`The dev container of ${workspace}`, TIMEOUT_MS / 1000]
  return new BerthError('TIMED_OUT', `${what} did not come up within ${seconds / 3600} hours.`, {
    ...{ what, seconds },
    next: `Check its log: “berth logs ${workspace} --source devcontainer”.`,
  })
}

/** What the CLI said, and what to do next. */
export function failed(workspace: string, path: string, containerId: string | null, reason: string, log: string[]): BerthError {
  const again =
    containerId === null
      ? `“berth devcontainer up ${workspace}” tries again`
      : `“berth devcontainer rebuild ${workspace}” creates it again, “up” opens it as it is`
  return new BerthError('DEVCONTAINER_FAILED', `The dev container of ${workspace} did not come up: ${reason.replace(/\.$/, '')}.`, {
    ...{ workspace, path, containerId, log },
    next: `Correct ${path.slice(0, LONGEST_SHOWN_PATH)}; ${again}. Its log: “berth logs ${workspace} --source devcontainer”. The workspace itself is unchanged.`,
  })
}
