import type { Networks } from '../../../src/main/engine/networks'
import type { ConnectionModel } from './connection-model'
import type { EngineState } from './engine-state'
import { DEFAULT_NETWORK, type SimulatedNetwork } from './network-store'
import { refusal } from './refusal'
import { hasLabel } from './requests'
import { isRunning } from './simulated-container'

export function simulatedNetworks(state: EngineState, { call }: ConnectionModel): Networks {
  const { networks } = state
  const find = (reference: string) => networks.get(reference) ?? [...networks.values()].find(({ id }) => id === reference) ?? null

  return {
    list: (label) =>
      call('list the networks', () =>
        [...networks.values()].filter(({ labels }) => label === undefined || hasLabel(labels, label)).map(summaryOf),
      ),
    inspect: (reference) =>
      call(`read network ${reference}`, () => {
        const network = find(reference)
        return network && summaryOf(network)
      }),
    create: (spec) =>
      call(`create network ${spec.name}`, () => {
        if (networks.has(spec.name)) throw refusal(409, `network with name ${spec.name} already exists`)
        if (spec.subnet !== null && [...networks.values()].some(({ subnet }) => subnet === spec.subnet)) {
          throw refusal(403, 'Pool overlaps with other one on this address space')
        }
        const network = { ...spec, id: state.newId() }
        networks.set(spec.name, network)
        return network.id
      }),
    remove: (reference) =>
      call('remove the network', () => {
        const network = find(reference)
        if (!network) return
        if (network.name === DEFAULT_NETWORK) throw refusal(403, `${network.name} is a pre-defined network and cannot be removed`)
        if (state.isNetworkActive(network)) throw refusal(403, `network ${network.name} has active endpoints`)
        networks.delete(network.name)
      }),
    ofContainer: (containerId) =>
      call('read the container’s networks', () => {
        const container = state.findOrNull(containerId)
        return [...(container?.networks ?? [])].map(([name, endpoint]) => ({ name, ...endpoint }))
      }),
    connect: (reference, containerId, aliases) =>
      call('connect the container to the network', () => {
        const container = state.find(containerId)
        const network = find(reference)
        if (!network) throw refusal(404, `network ${reference} not found`)
        if (isRunning(container) && container.networks.has(network.name)) {
          throw refusal(403, `endpoint with name ${container.name} already exists in network ${network.name}`)
        }
        container.networks.set(network.name, { id: network.id, aliases })
      }),
    disconnect: (name, containerId) =>
      call('disconnect the container from the network', () => {
        const container = state.findOrNull(containerId)
        if (!container) return
        if (!container.networks.delete(name)) throw refusal(500, `container ${container.id} is not connected to the network ${name}`)
      }),
    filtersBridges: () => call('read information about the engine', () => true),
  }
}

function summaryOf({ id, name, labels, subnet }: SimulatedNetwork) {
  return { id, name, labels, subnets: subnet ? [subnet] : [], options: {} }
}
