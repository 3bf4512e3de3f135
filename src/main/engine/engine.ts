import type { EngineState } from '../../shared/contract/engines'
import { type ConnectionListener, createConnection } from './connection'
import { type Containers, createContainers } from './containers'
import { createDiskUsage, type DiskUsage } from './disk-usage'
import type { EndpointSurroundings } from './endpoint'
import { createExec, type Exec } from './exec'
import { createHelpers, type Helpers } from './helpers'
import { createImages, type Images } from './images'
import { createKeepers, type Keepers } from './keepers'
import { createNetworks, type Networks } from './networks'
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
  state(): EngineState
  /** Throws ENGINE_UNREACHABLE while there is none. */
  assertConnected(): void
  /** True for an engine on this machine, whose published ports are this machine's ports. */
  isLocal(): boolean
  /** Where ports that containers publish on this engine are reached. */
  publishedHost(): string
  /** Begins to connect; what happens from then on comes to the listener. */
  start(listener: ConnectionListener): void
  /** Tries at once, without waiting for the next try. */
  reconnect(): Promise<EngineState>
  close(): void
}

export interface EngineOptions {
  endpointSetting: () => string | null
  surroundings: EndpointSurroundings
  /** “key” or “key=value”: of containers without this label only the removal is told. */
  label: string
}

export function createEngine(options: EngineOptions): Engine {
  const connection = createConnection(options)
  return {
    containers: createContainers(connection),
    volumes: createVolumes(connection),
    images: createImages(connection),
    networks: createNetworks(connection),
    diskUsage: createDiskUsage(connection),
    exec: createExec(connection),
    helpers: createHelpers(connection),
    keepers: createKeepers(connection),
    state: connection.state,
    assertConnected: connection.assertConnected,
    isLocal: () => isLocalEndpoint(connection.endpoint()),
    publishedHost: () => (isLocalEndpoint(connection.endpoint()) ? '127.0.0.1' : new URL(connection.endpoint() ?? '').hostname),
    start: connection.start,
    reconnect: connection.reconnect,
    close: connection.close,
  }
}

function isLocalEndpoint(endpoint: string | null): boolean {
  return ['unix:', 'npipe:'].includes(new URL(endpoint || 'unix:///').protocol)
}
