import type { EngineCapabilities, EngineState } from '../../shared/contract/engines'
import { type ConnectionListener, createConnection } from './connection'
import { type Containers, createContainers } from './containers'
import { createDiskUsage, type DiskUsage } from './disk-usage'
import type { EngineAddress, EngineSurroundings } from './engine-address'
import { createExec, type Exec } from './exec'
import { createHelpers, type Helpers } from './helpers'
import { createImages, type Images } from './images'
import { createKeepers, type Keepers } from './keepers'
import { createNetworks, type Networks } from './networks'
import { createPortTunnels } from './port-tunnels'
import { createSwarm, type Swarm } from './swarm'
import { createVolumes, type Volumes } from './volumes'

/** The Docker engine: the only way from Berth to it. */
export interface Engine {
  containers: Containers
  volumes: Volumes
  images: Images
  networks: Networks
  diskUsage: DiskUsage
  exec: Exec
  helpers: Helpers
  keepers: Keepers
  swarm: Swarm
  state(): EngineState
  /** Throws ENGINE_UNREACHABLE while there is none. */
  assertConnected(): void
  /** True for an engine on this machine, whose published ports are this machine's ports. */
  isLocal(): boolean
  /**
   * For an engine on another machine: makes the port that the container publishes for its ssh server the same port of this machine's loopback, now and
   * after each reconnection. For one on this machine, nothing. Throws ENGINE_PORT_UNAVAILABLE.
   */
  bringPort(port: number, containerId: string): Promise<void>
  /** Takes that back. */
  dropPort(port: number): Promise<void>
  /** As of the connection. */
  setWatched(isWatched: boolean): void
  /** Begins to connect; what happens from then on comes to the listener. */
  start(listener: ConnectionListener): void
  /** Tries immediately, without waiting for the next attempt. */
  reconnect(): Promise<EngineState>
  close(): void
}

export interface EngineOptions {
  /** Which engine is meant, read again before each try; null to look for one on this machine. */
  address: () => EngineAddress | null
  surroundings: EngineSurroundings
  /** “key” or “key=value”: for containers without this label only removals are reported. */
  label: string
  /** As in `ConnectionOptions`. */
  engineName?: (() => string | null) | undefined
  accept?: ((capabilities: EngineCapabilities) => string | null) | undefined
}

export function createEngine(options: EngineOptions): Engine {
  const connection = createConnection(options)
  const exec = createExec(connection)
  const tunnels = createPortTunnels(exec, () => new URL(connection.endpoint()).hostname)
  return {
    containers: createContainers(connection),
    volumes: createVolumes(connection),
    images: createImages(connection),
    networks: createNetworks(connection),
    diskUsage: createDiskUsage(connection),
    exec,
    helpers: createHelpers(connection),
    keepers: createKeepers(connection),
    swarm: createSwarm(connection),
    state: connection.state,
    assertConnected: connection.assertConnected,
    isLocal: () => isLocalEndpoint(connection.endpoint()),
    bringPort: (port, containerId) => (connection.carriesPorts() ? connection.bringPort(port) : tunnels.bring(port, containerId)),
    async dropPort(port) {
      tunnels.drop(port)
      await connection.dropPort(port)
    },
    setWatched: connection.setWatched,
    start: connection.start,
    reconnect: connection.reconnect,
    close() {
      tunnels.close()
      connection.close()
    },
  }
}

function isLocalEndpoint(endpoint: string): boolean {
  return ['unix:', 'npipe:'].includes(new URL(endpoint || 'unix:///').protocol)
}
