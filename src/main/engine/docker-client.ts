import type { DockerOptions } from 'dockerode'
import type { Endpoint } from './engine-address'
import { readTlsFiles } from './tls-files'

/** dockerode reads missing values from the environment, which can be about another engine. */
const NOTHING = { host: undefined, socketPath: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined } as const

type ClientOptions = DockerOptions & { rejectUnauthorized?: boolean }

/**
 * How dockerode reaches the endpoint. No API version is set: paths without one use the newest API of the engine. With a version, an engine
 * refuses what is newer than itself (Docker 20.10: above 1.41) or too old for it (Docker 29: below 1.44), so no fixed version works for
 * both; Podman ignores it. Berth sends and reads what exists since 1.41 and in newer versions: added fields are ignored, and removed ones
 * are optional (`/info`) or requested differently. Throws a TypeError if the URL has a kind that Docker does not know, and errors about its
 * TLS files.
 */
export function clientOptions(endpoint: Endpoint): ClientOptions {
  const { protocol, pathname, hostname, port } = new URL(endpoint.url)
  switch (protocol) {
    case 'unix:':
      return socketOptions(decodeURIComponent(pathname))
    case 'npipe:':
      return socketOptions(endpoint.url.slice('npipe://'.length))
    case 'tcp:':
    case 'http:':
    case 'https:': {
      const { tls } = endpoint
      const isSecure = !isPlain(endpoint)
      return {
        ...NOTHING,
        ...(tls && readTlsFiles(tls)),
        protocol: isSecure ? 'https' : 'http',
        host: hostname.replace(/^\[(.*)\]$/, '$1'),
        port: port === '' ? (isSecure ? 2376 : 2375) : Number(port),
        rejectUnauthorized: tls?.verifies ?? true,
      }
    }
    default:
      throw new TypeError(`“${protocol}” is not one of unix, npipe, tcp, http, https and ssh.`)
  }
}

/** Options for a socket of this machine. */
export function socketOptions(socketPath: string): ClientOptions {
  return { ...NOTHING, protocol: 'http', socketPath }
}

/** Whether it is spoken to over a network without TLS. */
function isPlain({ url, tls }: Endpoint): boolean {
  return new URL(url).protocol !== 'https:' && tls === null
}

/** Whether it is spoken to over a network in such a way that whoever is in between can read and change it all. */
export function isInsecure(endpoint: Endpoint): boolean {
  const isLocal = ['unix:', 'npipe:'].includes(new URL(endpoint.url).protocol)
  return !isLocal && (isPlain(endpoint) || endpoint.tls?.verifies === false)
}

/** Options where an agent makes the connections: the name of the host means nothing. */
export function dialOptions(): ClientOptions {
  return { ...NOTHING, protocol: 'http', host: 'docker', port: 80 }
}
