import type Docker from 'dockerode'
import { type EngineConnection, request } from './connection'
import { ignoreStatus, nullIfMissing } from './engine-errors'

export interface NetworkSummary {
  id: string
  name: string
  labels: Record<string, string>
  /** Of both families; empty for a network without addresses. */
  subnets: string[]
  options: Record<string, string>
}

export interface NetworkSpec {
  name: string
  labels: Record<string, string>
  /** null has the engine choose. */
  subnet: string | null
  /** Whether its containers reach each other. */
  traffic: boolean
  /** Without a way out. */
  internal: boolean
  /** null for the engine's own. */
  mtu: string | null
}

/** A network that a container is on. */
export interface JoinedNetwork {
  name: string
  /** Of the network when it was joined: another one may have the name now. Empty before the container's first start. */
  id: string
  aliases: string[]
}

/** Networks of the engine. Every call throws ENGINE_UNREACHABLE or ENGINE_REFUSED when it cannot be done. */
export interface Networks {
  list(label?: string): Promise<NetworkSummary[]>
  /** null when there is none of that name or id. */
  inspect(reference: string): Promise<NetworkSummary | null>
  /** Makes a bridge network. Returns its id. Throws ENGINE_REFUSED when the subnet is taken. */
  create(spec: NetworkSpec): Promise<string>
  /** It being gone already is fine. Throws ENGINE_REFUSED while containers that run are on it. */
  remove(id: string): Promise<void>
  /** The networks of a container, running or not; none when it is gone. */
  ofContainer(containerId: string): Promise<JoinedNetwork[]>
  /** Takes effect at once if it is running, otherwise at its next start. Containers on the network find it by its aliases. */
  connect(network: string, containerId: string, aliases: string[]): Promise<void>
  /** Takes the name of a network, so that one that is gone can be left too. */
  disconnect(name: string, containerId: string): Promise<void>
  /** Whether the engine's machine filters traffic between containers of one network: without that it cannot be kept apart. */
  filtersBridges(): Promise<boolean>
}

const MTU_OPTION = 'com.docker.network.driver.mtu'

export function createNetworks(connection: EngineConnection): Networks {
  return {
    list: (label) =>
      request(connection, 'list the networks', async (docker) => {
        const found = await docker.listNetworks(label === undefined ? {} : { filters: { label: [label] } })
        return found.map(toSummary)
      }),
    inspect: (reference) =>
      request(connection, `read network ${reference}`, async (docker) => {
        const network: Docker.NetworkInspectInfo | null = await nullIfMissing(docker.getNetwork(reference).inspect())
        return network && toSummary(network)
      }),
    create: (spec) =>
      request(connection, `create network ${spec.name}`, async (docker) => {
        const network = await docker.createNetwork({
          Name: spec.name,
          Driver: 'bridge',
          CheckDuplicate: true,
          Internal: spec.internal,
          Labels: spec.labels,
          Options: {
            'com.docker.network.bridge.enable_icc': String(spec.traffic),
            ...(spec.mtu === null ? {} : { [MTU_OPTION]: spec.mtu }),
          },
          ...(spec.subnet === null ? {} : { IPAM: { Driver: 'default', Config: [{ Subnet: spec.subnet }] } }),
        })
        return network.id
      }),
    remove: (id) => request(connection, 'remove the network', (docker) => ignoreStatus(404, docker.getNetwork(id).remove())),
    ofContainer: (containerId) =>
      request(connection, 'read the container’s networks', async (docker) => {
        const details = await nullIfMissing(docker.getContainer(containerId).inspect())
        return Object.entries(details?.NetworkSettings.Networks ?? {}).map(([name, endpoint]) => ({
          name,
          id: endpoint.NetworkID,
          aliases: (endpoint.Aliases as string[] | null | undefined) ?? [],
        }))
      }),
    connect: (network, containerId, aliases) =>
      request(connection, 'connect the container to the network', async (docker) => {
        await docker.getNetwork(network).connect({ Container: containerId, EndpointConfig: { Aliases: aliases } })
      }),
    disconnect: (name, containerId) =>
      request(connection, 'disconnect the container from the network', async (docker) => {
        await ignoreStatus(404, docker.getNetwork(name).disconnect({ Container: containerId, Force: true }))
      }),
    filtersBridges: () =>
      request(connection, 'read information about the engine', async (docker) => {
        const info: { BridgeNfIptables?: boolean } = await docker.info()
        // Newer engines no longer say; they load what it takes when they make such a network, or refuse to make it.
        return info.BridgeNfIptables ?? true
      }),
  }
}

/** The MTU that a network was made with; null for the engine's own. */
export function mtuOf(network: NetworkSummary | null): string | null {
  return network?.options[MTU_OPTION] ?? null
}

function toSummary(network: Docker.NetworkInspectInfo): NetworkSummary {
  return {
    id: network.Id,
    name: network.Name,
    labels: network.Labels ?? {},
    subnets: (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet || []),
    options: network.Options ?? {},
  }
}
