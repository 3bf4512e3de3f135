import { DEVCONTAINER_ENVIRONMENT } from '../../../shared/devcontainer'
import { MARKER_VARIABLE } from '../../engine/process-tree'
import { runCommand } from '../../engine/run-command'
import { environmentCommand, environmentFile } from '../../provisioning/devcontainer/cli-command'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerIdOf } from '../base/own-containers'
import { failed } from './run-up'

const TIMEOUT_MS = 60_000
const MAX_BYTES = 1024 * 1024

/** Nobody but the user reads it, from its beginning. */
const KEEP_FILE = 'umask 077; cat >"$1.new" && chown workspace: "$1.new" && mv -f "$1.new" "$1"'

/** The variables of commands in the dev container, as the CLI finds them, in memory only: for what Berth runs there without the CLI, which takes half a second. */
export async function handEnvironment(
  services: LifecycleServices,
  record: WorkspaceRecord,
  { cli, path, notice, signal }: { cli: string[]; path: string; notice(text: string): void; signal: AbortSignal },
): Promise<void> {
  const { engine, handOvers } = services
  const containerId = containerIdOf(services, record)
  const printed = await runCommand(engine.exec, {
    ...{ containerId, user: 'workspace', maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS, signal },
    environment: handOvers.environmentOf(record),
    command: environmentCommand(cli, path),
  })
  const { content, leftOut } = environmentFile(printed.exitCode === 0 ? printed.stdout : '', MARKER_VARIABLE)
  if (printed.exitCode !== 0) notice('The variables of the dev container could not be read, so its terminals only have those of its image.')
  if (leftOut.length > 0)
    notice(`Terminals in the dev container lack variables that are too long or have line breaks: ${leftOut.slice(0, 10).join(', ')}.`)
  const written = await runCommand(engine.exec, {
    ...{ containerId, user: 'root', cwd: '/', maxBytes: 4096, timeoutMs: TIMEOUT_MS, signal, stdin: content },
    command: ['sh', '-c', KEEP_FILE, 'sh', DEVCONTAINER_ENVIRONMENT],
  })
  if (written.exitCode !== 0) throw failed(record.name, path, null, `its variables could not be kept: ${written.stderr.trim()}`, [])
}
