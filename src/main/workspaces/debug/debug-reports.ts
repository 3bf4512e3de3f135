import { DEBUG_LISTED_FILES, DEBUG_LOG_LINES, type DebugReport } from '../../../shared/contract/debug-report'
import type { SystemInfo } from '../../../shared/contract/system'
import { isBerthError } from '../../../shared/errors'
import { HOME_FOLDER } from '../../../shared/files/file-path'
import { SECRET_MASK } from '../../../shared/secret'
import type { Workspace } from '../../../shared/workspace'
import type { ContainerDetails } from '../../engine/containers'
import { runCommand } from '../../engine/run-command'
import type { Logs } from '../../logs/logs'
import type { Operations } from '../../operations/operations'
import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from '../base/lifecycle-services'
import { maskSecrets } from '../base/mask-secrets'
import { knownSecrets } from './known-secrets'

const OPERATIONS = 10
/** Such a report may be about a workspace that hangs. */
const LISTING_MS = 5000
const LISTING_BYTES = 64 * 1024

interface DebugReportsOptions {
  services: WorkspaceServices
  operations: Pick<Operations, 'list'>
  logs: Pick<Logs, 'sources' | 'lastLines'>
  info: SystemInfo
}

export interface DebugReports {
  /** Missing information is listed in it. Throws WORKSPACE_NOT_FOUND. */
  of(reference: string): Promise<DebugReport>
}

export function createDebugReports({ services, operations, logs, info }: DebugReportsOptions): DebugReports {
  const { registry, now } = services

  async function listing(record: WorkspaceRecord): Promise<string[] | null> {
    const container = registry.containerOf(record.id)
    if (!container?.running) return null
    const { exec } = services.at(record).engine
    const { stdout, stderr, exitCode, truncated } = await runCommand(exec, {
      containerId: container.containerId,
      command: ['ls', '-lA', '--time-style=long-iso', HOME_FOLDER],
      user: 'workspace',
      timeoutMs: LISTING_MS,
      maxBytes: LISTING_BYTES,
    })
    const lines = stdout.split('\n').filter((line) => line !== '')
    const shown = lines.slice(0, DEBUG_LISTED_FILES)
    if (lines.length > shown.length || truncated) shown.push('…')
    return exitCode === 0 ? shown : [...shown, stderr.trim()]
  }

  async function tail(reference: string, source: DebugReport['logs'][number]['source']): Promise<DebugReport['logs'][number]> {
    return { source, lines: await logs.lastLines(reference, source, DEBUG_LOG_LINES, AbortSignal.timeout(LISTING_MS)) }
  }

  return {
    async of(reference) {
      const record = registry.find(reference)
      const missing: DebugReport['missing'] = []
      /** `fallback` where it cannot be found out, which is noted. */
      async function attempt<Value>(part: string, fallback: Value, find: () => Promise<Value>): Promise<Value> {
        try {
          return await find()
        } catch (error) {
          if (!isBerthError(error)) throw error
          missing.push({ part, reason: error.message })
          return fallback
        }
      }

      const { engine } = services.at(record)
      const container = registry.containerOf(record.id)
      const [details, volumes, home, sources] = await Promise.all([
        attempt('container', null, async () => (container ? engine.containers.inspect(container.containerId) : null)),
        Promise.all(
          Object.values(record.volumes).map((name) =>
            attempt(`volume ${name}`, null, async () => {
              const volume = await engine.volumes.inspect(name)
              return { name, isThere: volume !== null, options: volume?.options ?? {} }
            }),
          ),
        ),
        attempt('home', null, () => listing(record)),
        attempt('logs', [], () => logs.sources(record.id)),
      ])
      const tails = await Promise.all(sources.map(({ source }) => attempt(`log ${source}`, null, () => tail(record.id, source))))
      const { version, door, platform, arch, startedAt } = info
      const report: DebugReport = {
        createdAt: now().toISOString(),
        berth: { version, door, platform, arch, startedAt, node: process.versions.node },
        engine: engine.state(),
        workspace: withoutScript(registry.view(record)),
        container: details && shownContainer(details, Object.keys(services.environmentOf(record).variables)),
        volumes: volumes.filter((volume) => volume !== null),
        operations: operations.list(record.id).slice(0, OPERATIONS),
        home,
        logs: tails.filter((log) => log !== null),
        missing,
      }
      return maskSecrets(report, await knownSecrets(services, [record]))
    },
  }
}

/** It may contain secrets that Berth does not know. */
function withoutScript(workspace: Workspace): Workspace {
  return { ...workspace, initScript: workspace.initScript === null ? null : SECRET_MASK }
}

/** Including the variables that it was created with, and those passed to programs in it. */
function shownContainer(details: ContainerDetails, handedOver: readonly string[]): NonNullable<DebugReport['container']> {
  const { environment, running: _running, paused: _paused, ...rest } = details
  const iso = (date: Date | null) => date?.toISOString() ?? null
  return {
    ...rest,
    variables: [...new Set([...Object.keys(environment), ...handedOver])],
    createdAt: details.createdAt.toISOString(),
    startedAt: iso(details.startedAt),
    finishedAt: iso(details.finishedAt),
  }
}
