import type { EngineCapabilities } from '../contract/engines'

/** Of a usual Docker engine; of any other with `changes`. */
export function engineCapabilities(changes: Partial<EngineCapabilities> = {}): EngineCapabilities {
  return {
    product: 'docker',
    rootless: false,
    cgroupVersion: 2,
    groups: true,
    limits: { memory: true, cpus: true, processes: true },
    changeLimits: true,
    networksApart: true,
    securityOptions: ['seccomp'],
    storageDriver: 'overlay2',
    swarm: 'none',
    swarmNodeId: null,
    swarmId: null,
    daemonId: 'ABCD:EFGH',
    ...changes,
  }
}
