import type { NetworkSpec } from '../../../src/main/engine/networks'

export interface SimulatedNetwork extends NetworkSpec {
  id: string
}

/** How a container is on a network. The id of the one it was made on is empty before its first start. */
export interface SimulatedEndpoint {
  id: string
  aliases: string[]
}

/** The engine's own, for containers that name none. */
export const DEFAULT_NETWORK = 'bridge'

export function createNetworks(newId: () => string): Map<string, SimulatedNetwork> {
  const spec = { name: DEFAULT_NETWORK, labels: {}, subnet: '172.17.0.0/16', traffic: true, internal: false, mtu: null }
  return new Map([[DEFAULT_NETWORK, { ...spec, id: newId() }]])
}
