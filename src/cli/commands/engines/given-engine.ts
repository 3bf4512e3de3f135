import { resolve } from 'node:path'
import { usageError } from '../../cli-error'

export interface GivenEngineOptions {
  /** Name of a Docker context. */
  context?: string
  /** A folder of this machine with ca.pem, cert.pem and key.pem. */
  tls?: string
}

/** As the API takes it. */
export type GivenEngine = { address: string; tlsFolder?: string } | { context: string }

/**
 * Where an engine is said to be: by its address, or by a Docker context. A path is the socket at it. Throws a usage error for both, for none, and for
 * an address without a scheme.
 */
export function givenEngine(address: string | undefined, { context, tls }: GivenEngineOptions): GivenEngine {
  if (address !== undefined && context !== undefined) throw usageError('An address and a context were given.', 'Give the one or the other.')
  if (context !== undefined) {
    if (tls !== undefined) throw usageError('--tls goes with an address.', 'A Docker context has TLS files of its own.')
    return { context }
  }
  if (address === undefined) throw usageError('Where is the engine?', 'Give its address, or --context with the name of a Docker context.')
  return { address: withScheme(address), ...(tls === undefined ? {} : { tlsFolder: resolve(tls) }) }
}

/** Whether this is where an engine is: no name or id of one has any of these. */
export function isAddress(text: string): boolean {
  return /[:/@]/.test(text)
}

/** A path is the socket at it. Throws a usage error for an address without a scheme. */
export function withScheme(address: string): string {
  if (address.startsWith('/')) return `unix://${address}`
  if (address.includes('://')) return address
  throw usageError(`“${address}” does not say how the engine is reached.`, `Give ${suggestion(address)}.`)
}

function suggestion(address: string): string {
  if (address.includes('@')) return `ssh://${address}, for an engine that is reached by ssh`
  if (/^[^:/]+:\d+$/.test(address)) return `tcp://${address}, and --tls with the folder of its TLS files`
  return 'an address such as ssh://user@host, tcp://host:2376 or unix:///var/run/docker.sock'
}
