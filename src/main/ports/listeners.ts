import type { PortListener } from '../../shared/port-forward'
import { SSH_CONTAINER_PORT } from '../../shared/ssh-host'
import type { Sighting } from './listener-watch'

/** What a workspace runs for itself. */
const OWN_PROGRAMS = new Set(['dockerd', 'containerd'])
const OWN_SSH = { process: 'sshd', port: SSH_CONTAINER_PORT }
const EVERYWHERE = new Set(['0.0.0.0', '::'])
/** The outer engine's name server for the containers of a network: it listens in each of them, on a port that it chooses. */
const NAME_SERVER = '127.0.0.11'

/**
 * What a person wants to know of what was seen: each port once, whatever addresses it listens on, without what is Berth's own and
 * what cannot be reached. A port that a nested container publishes is shown by that, not twice.
 * @param names of nested containers, by id.
 */
export function toListeners(sightings: Sighting[], names: ReadonlyMap<string, string>): PortListener[] {
  const inContainers = sightings.filter((sighting) => sighting.container)
  const behind = ({ proxyTo }: Sighting) =>
    proxyTo && inContainers.find((inner) => inner.container?.address === proxyTo.address && inner.port === proxyTo.port)
  const published = new Set(sightings.flatMap((sighting) => behind(sighting) ?? []))
  const found = new Map<string, PortListener>()
  for (const sighting of sightings) {
    const { process = null, port } = sighting
    if (sighting.elsewhere || published.has(sighting) || (process !== null && OWN_PROGRAMS.has(process))) continue
    if (process === OWN_SSH.process && port === OWN_SSH.port) continue
    if (sighting.address === NAME_SERVER && process === null) continue
    const container = sighting.container ? nameOf(sighting.container.id, names) : null
    const host = hostOf(sighting)
    if (host === null) continue
    const key = `${container ?? ''}:${port}`
    const before = found.get(key)
    if (before && (before.host === '127.0.0.1' || isLoopback6(host))) continue
    const inner = behind(sighting)
    const innerId = inner?.container?.id
    found.set(key, {
      port,
      host,
      process: inner?.process ?? (sighting.proxyTo ? null : process),
      container,
      publishedBy: innerId === undefined ? null : nameOf(innerId, names),
    })
  }
  return [...found.values()].sort((a, b) => a.port - b.port || (a.container ?? '').localeCompare(b.container ?? ''))
}

/** Ids of nested containers whose names are needed to say who listens. */
export function containersSeen(sightings: Sighting[]): string[] {
  return [...new Set(sightings.flatMap(({ container }) => container?.id ?? []))]
}

/** Where it is reached from within the workspace; null where it is not: the loopback of a nested container. */
function hostOf({ address, container }: Sighting): string | null {
  if (container) return EVERYWHERE.has(address) ? container.address : address.startsWith('127.') || isLoopback6(address) ? null : address
  return EVERYWHERE.has(address) ? '127.0.0.1' : address
}

const isLoopback6 = (address: string) => address === '::1'

function nameOf(id: string, names: ReadonlyMap<string, string>): string {
  return names.get(id) ?? id.slice(0, 12)
}
