import { BerthError } from '../../shared/errors'
import type { Engine } from '../engine/engine'
import { runCommand } from '../engine/run-command'

/** The key that Berth asks a workspace's ssh server for. */
const HOST_KEY_FILE = '/etc/berth/ssh/ssh_host_ed25519_key.pub'
const MOST_BYTES = 4096
const TIMEOUT_MS = 10_000

/**
 * The public host key of a running workspace, as one line of a known_hosts file without its host. Read through the engine, so
 * that whoever answers on the ssh port can be told from the workspace. Throws FORWARD_FAILED when there is none.
 */
export async function readHostKey(engine: Pick<Engine, 'exec'>, workspace: { name: string; containerId: string }): Promise<string> {
  const { exitCode, stdout } = await runCommand(engine.exec, {
    containerId: workspace.containerId,
    command: ['cat', HOST_KEY_FILE],
    user: 'root',
    maxBytes: MOST_BYTES,
    timeoutMs: TIMEOUT_MS,
  })
  const [type, key] = stdout.trim().split(' ')
  if (exitCode === 0 && type && key) return `${type} ${key}`
  const reason = 'it has no ssh host key'
  throw new BerthError('FORWARD_FAILED', `There is no way into ${workspace.name}: ${reason}.`, {
    workspace: workspace.name,
    port: 22,
    reason,
    next: 'Restart the workspace: it makes its keys at the start.',
  })
}
