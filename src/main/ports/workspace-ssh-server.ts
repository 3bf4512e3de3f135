import { SSH_CONTAINER_PORT } from '../../shared/ssh-host'
import type { Engine } from '../engine/engine'
import type { SshServer } from './ssh-client'

/** The engine's machine is this one, or its ports are brought here. */
const LOOPBACK = '127.0.0.1'

/** A workspace that runs, as its ssh server is found by it. */
export interface ServedWorkspace {
  id: string
  name: string
  containerId: string | null
  /** That the engine publishes. */
  sshPort: number | null
}

/** Where its ssh server answers now. Throws when it has none. `hostKeys` gives “type key” of each. */
export async function workspaceSshServer(
  engine: Pick<Engine, 'containers' | 'isLocal' | 'bringPort'>,
  { id, name, containerId, sshPort }: ServedWorkspace,
  hostKeysOf: (workspaceId: string, containerId: string) => Promise<string[]>,
): Promise<SshServer> {
  if (containerId === null || sshPort === null) throw new Error(`${name} has no ssh port`)
  const [details, hostKeys] = await Promise.all([
    engine.containers.inspect(containerId),
    hostKeysOf(id, containerId),
    engine.bringPort(sshPort, containerId),
  ])
  const published = { host: LOOPBACK, port: sshPort }
  // Where the engine's network is this machine's, without the proxy that the engine puts before a published port: half as fast again.
  const inside = engine.isLocal() && process.platform === 'linux' ? (details?.addresses ?? []) : []
  return { addresses: [...inside.map((host) => ({ host, port: SSH_CONTAINER_PORT })), published], hostKeys }
}
