import { accessSync, constants, existsSync } from 'node:fs'
import { currentContextName, DEFAULT_CONTEXT, listContexts } from './docker-contexts'
import { defaultEndpoint, usualSockets } from './endpoint'
import type { EndpointSurroundings, EngineAddress } from './engine-address'
import { readPodmanFiles } from './podman-connections'

/** An engine that something on this machine names. Several may be the same engine. */
export interface FoundEngine {
  source: 'context' | 'environment' | 'socket' | 'podman'
  name: string
  address: EngineAddress
  /** Where it answers; null when that could not be read. */
  url: string | null
  /** What somebody wrote about it. */
  description: string | null
  /** Whether Docker's own client, or Podman's for its connections, uses it when it is not told which. */
  isCurrent: boolean
  /** What keeps it from being used as it is. */
  problem: string | null
}

/** Every engine that Docker, its variables, Podman or a socket names. Asks none of them, and never throws: what cannot be read is an entry with a problem. */
export function findEngines(surroundings: EndpointSurroundings): FoundEngine[] {
  return [...contexts(surroundings), ...fromEnvironment(surroundings), ...sockets(surroundings), ...podman(surroundings)]
}

function contexts(surroundings: EndpointSurroundings): FoundEngine[] {
  const { name: current, problem } = currentContextName(surroundings)
  const context = (name: string, url: string | null, description: string | null, fault: string | null): FoundEngine => ({
    ...{ source: 'context', name, address: { context: name }, url, description, isCurrent: name === current, problem: fault },
  })
  const found = listContexts(surroundings).map((one) =>
    'endpoint' in one
      ? context(one.name, one.endpoint.url, one.description, null)
      : { ...context(one.path, null, null, one.reason), isCurrent: false },
  )
  const isMissing = current !== DEFAULT_CONTEXT && !found.some(({ name }) => name === current)
  return [
    context(DEFAULT_CONTEXT, defaultEndpoint(surroundings).url, null, problem ? `${problem.path}: ${problem.reason}` : null),
    ...found,
    ...(isMissing ? [context(current, null, null, `Docker has no context “${current}”`)] : []),
  ]
}

function fromEnvironment(surroundings: EndpointSurroundings): FoundEngine[] {
  if (!surroundings.environment.DOCKER_HOST) return []
  const { url, tls } = defaultEndpoint(surroundings)
  const address = tls === null ? { url } : { url, tlsFolder: tls.folder }
  return [{ source: 'environment', name: 'DOCKER_HOST', address, url, description: null, isCurrent: true, problem: null }]
}

function sockets(surroundings: EndpointSurroundings): FoundEngine[] {
  return usualSockets(surroundings).flatMap((url) => {
    const path = url.replace(/^(unix|npipe):\/\//, '')
    if (!existsSync(path)) return []
    const problem = isUsable(path) ? null : 'your user has no permission to use the socket'
    return [{ source: 'socket' as const, name: path, address: { url }, url, description: null, isCurrent: false, problem }]
  })
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

function podman(surroundings: EndpointSurroundings): FoundEngine[] {
  return readPodmanFiles(surroundings).flatMap(({ path, connections, problem }) => [
    ...connections.map(({ name, uri, identity, isDefault }) => ({
      ...{ source: 'podman' as const, name, address: { url: uri }, url: uri, description: null, isCurrent: isDefault },
      // Berth connects by ssh as the user has it configured, and gives it no key.
      problem:
        identity === null ? null : `Podman logs in with the key ${identity}: add it for this host to your ssh configuration (IdentityFile)`,
    })),
    ...(problem === null
      ? []
      : [{ source: 'podman' as const, name: path, address: { url: '' }, url: null, description: null, isCurrent: false, problem }]),
  ])
}
