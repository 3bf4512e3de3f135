import { join } from 'node:path'
import { currentContextName, DEFAULT_CONTEXT, type DockerContext, dockerConfigFolder, readContext } from './docker-contexts'
import type { Endpoint, EndpointSurroundings, EngineAddress } from './engine-address'
import { TLS_FILES } from './tls-files'

/** Where an engine may be found, and which of Docker's settings could not be used. */
export interface EndpointSearch {
  candidates: Endpoint[]
  /** `endpoint` is the file that is at fault. */
  problems: { endpoint: string; reason: string }[]
}

/**
 * Where to look for an engine, best first: the address alone if there is one; else DOCKER_HOST, Docker's current context, the
 * usual sockets of Docker and its desktop kinds, and Podman's. Never throws.
 */
export function endpointCandidates(address: EngineAddress | null, surroundings: EndpointSurroundings): EndpointSearch {
  const { environment } = surroundings
  if (address !== null) {
    if ('url' in address) return only(endpointOf(address, surroundings))
    return address.context === DEFAULT_CONTEXT ? only(defaultEndpoint(surroundings)) : searchOf(readContext(surroundings, address.context))
  }
  if (environment.DOCKER_HOST) return only(defaultEndpoint(surroundings))
  const { name, problem } = currentContextName(surroundings)
  const current = name === DEFAULT_CONTEXT ? { candidates: [], problems: [] } : searchOf(readContext(surroundings, name))
  const candidates = [...current.candidates, ...usualSockets(surroundings).map((url) => ({ url, tls: null }))]
  const unique = new Map(candidates.map((candidate) => [candidate.url, candidate]))
  const problems = problem ? [{ endpoint: problem.path, reason: problem.reason }] : []
  return { candidates: [...unique.values()], problems: [...problems, ...current.problems] }
}

function only(endpoint: Endpoint): EndpointSearch {
  return { candidates: [endpoint], problems: [] }
}

function searchOf(context: DockerContext | { path: string; reason: string }): EndpointSearch {
  if ('endpoint' in context) return only(context.endpoint)
  return { candidates: [], problems: [{ endpoint: context.path, reason: context.reason }] }
}

/** What the context `default` stands for: DOCKER_HOST, or this machine's engine. */
export function defaultEndpoint(surroundings: EndpointSurroundings): Endpoint {
  const host = surroundings.environment.DOCKER_HOST
  if (!host) return { url: usualSockets(surroundings)[0] ?? '', tls: null }
  // Docker's client takes a host without a scheme.
  return endpointOf({ url: host.includes('://') ? host : `tcp://${host}` }, surroundings)
}

/** With TLS when the address has a folder for it; else as Docker's variables say. */
function endpointOf({ url, tlsFolder }: { url: string; tlsFolder?: string | undefined }, surroundings: EndpointSurroundings): Endpoint {
  const { environment } = surroundings
  if (tlsFolder !== undefined) return { url, tls: { folder: tlsFolder, files: TLS_FILES, verifies: true } }
  if (!environment.DOCKER_TLS_VERIFY) return { url, tls: null }
  return { url, tls: { folder: environment.DOCKER_CERT_PATH || dockerConfigFolder(surroundings), files: TLS_FILES, verifies: true } }
}

/** Sockets (pipes on Windows) of the engines there are, as addresses, whether they exist or not. Docker's own is the first. */
export function usualSockets({ environment, platform, homeFolder }: EndpointSurroundings): string[] {
  if (platform === 'win32') return ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/podman-machine-default']
  const runtimeFolder = environment.XDG_RUNTIME_DIR
  const paths = [
    '/var/run/docker.sock',
    ...(runtimeFolder ? [join(runtimeFolder, 'docker.sock')] : []),
    join(homeFolder, '.docker/run/docker.sock'),
    join(homeFolder, '.docker/desktop/docker.sock'),
    join(homeFolder, '.orbstack/run/docker.sock'),
    join(homeFolder, '.colima/default/docker.sock'),
    join(homeFolder, '.rd/docker.sock'),
    ...(runtimeFolder ? [join(runtimeFolder, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ]
  return paths.map((path) => `unix://${path}`)
}
