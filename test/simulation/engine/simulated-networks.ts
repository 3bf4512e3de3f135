import type { NetworkSpec, Networks } from '../../../src/main/engine/networks'
import type { EngineState } from './engine-state'
import { refusal } from './refusal'

interface SimulatedNetwork extends NetworkSpec {
  id: string
  /** Containers and their aliases. */
  members: Map<string, string[]>
}

/** By engine, so that they outlive the core that made them. */
const byEngine = new WeakMap<EngineState, Map<string, SimulatedNetwork>>()

/** `docker network prune`: those that no running container is on. Returns their names; null for none. */
export function simulatedNetworkPrune(state: EngineState): string | null {
  const networks = byEngine.get(state) ?? new Map<string, SimulatedNetwork>()
  const isUsed = ({ members }: SimulatedNetwork) => [...members.keys()].some((member) => state.findOrNull(member)?.state === 'running')
  const removed = [...networks.values()].filter((network) => !isUsed(network))
  for (const { name } of removed) networks.delete(name)
  return removed.map(({ name }) => name).join(' ') || null
}

type Call = <Value>(what: string, work: () => Value) => Promise<Value>

/** Networks by the engine's rules: one without running containers can be removed, and the stopped ones keep its name and id. */
export function simulatedNetworks(state: EngineState, call: Call): Networks {
  const networks = byEngine.get(state) ?? new Map<string, SimulatedNetwork>()
  byEngine.set(state, networks)
  const find = (reference: string) => networks.get(reference) ?? [...networks.values()].find(({ id }) => id === reference) ?? null
  const found = (reference: string) => {
    const network = find(reference)
    if (!network) throw refusal(404, `network ${reference} not found`)
    return network
  }
  const summary = ({ id, name, labels, subnet }: SimulatedNetwork) => ({ id, name, labels, subnets: subnet ? [subnet] : [], options: {} })

  return {
    list: (label) =>
      call('list the networks', () => {
        const [key = '', value] = (label ?? '').split('=')
        return [...networks.values()].filter(({ labels }) => label === undefined || labels[key] === value).map(summary)
      }),
    inspect: (reference) =>
      call(`read network ${reference}`, () => {
        const network = find(reference)
        return network && summary(network)
      }),
    create: (spec) =>
      call(`create network ${spec.name}`, () => {
        if (networks.has(spec.name)) throw refusal(409, `network with name ${spec.name} already exists`)
        const network = { ...spec, id: state.newId(), members: new Map<string, string[]>() }
        networks.set(spec.name, network)
        return network.id
      }),
    remove: (id) =>
      call('remove the network', () => {
        const network = find(id)
        if (!network) return
        const running = [...network.members.keys()].some((member) => state.findOrNull(member)?.state === 'running')
        if (running) throw refusal(403, `network ${network.name} has active endpoints`)
        networks.delete(network.name)
      }),
    ofContainer: (containerId) =>
      call('read the container’s networks', () =>
        [...networks.values()].flatMap(({ name, id, members }) => {
          const aliases = members.get(containerId)
          return aliases ? [{ name, id, aliases }] : []
        }),
      ),
    connect: (reference, containerId, aliases) =>
      call('connect the container to the network', () => {
        const network = found(reference)
        const { id } = state.find(containerId)
        if (network.members.has(id)) throw refusal(403, `endpoint already exists in network ${network.name}`)
        network.members.set(id, aliases)
      }),
    disconnect: (name, containerId) =>
      call('disconnect the container from the network', () => void networks.get(name)?.members.delete(containerId)),
    filtersBridges: () => call('read about the engine', () => true),
  }
}
