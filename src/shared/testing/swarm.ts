import type { SwarmNodeView, SwarmView } from '../contract/swarms'

/** A worker that is ready and reached; any other with `changes`. */
export function swarmNode(hostname: string, changes: Partial<SwarmNodeView> = {}): SwarmNodeView {
  return {
    id: `node-${hostname}`,
    hostname,
    address: '10.0.0.5',
    state: 'ready',
    availability: 'active',
    role: 'worker',
    labels: {},
    cpus: 4,
    memoryBytes: 8 * 1024 ** 3,
    engine: `team.${hostname}`,
    problem: null,
    workspaces: [],
    ...changes,
  }
}

/** A Swarm of a manager and a worker; any other with `changes`. */
export function swarm(changes: Partial<SwarmView> = {}): SwarmView {
  return {
    id: 'swarm-1',
    name: 'team',
    isDefault: false,
    manager: 'local',
    rule: 'ssh://me@{hostname}',
    tlsFolder: null,
    addresses: {},
    movesOnDrain: true,
    nodes: [swarmNode('manager-1', { role: 'manager', engine: 'local' }), swarmNode('worker-1')],
    lacks: [],
    unmoved: [],
    ...changes,
  }
}
