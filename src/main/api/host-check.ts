import type { IncomingMessage } from 'node:http'
import { BerthError } from '../../shared/errors'

/*
 * Which `Host` and `Origin` this server answers to. A foreign page that points its own name at 127.0.0.1 (DNS rebinding) sends that name as
 * Host and is refused before anything else happens. Loopback names are accepted with any port: through a tunnel (`ssh -L 9999:…`) the
 * browser sends the tunnel's port. Nobody else can own these names, and the Origin must have exactly the same host and port.
 */

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** HOST_REFUSED for a foreign or missing Host header; null when it is this server's own. */
export function hostProblem({ headers }: IncomingMessage): BerthError<'HOST_REFUSED'> | null {
  const host = headers.host?.toLowerCase() ?? ''
  return isLoopback(host) ? null : refused(host)
}

/** The same for the Origin header; programs that are no browser send none, and that is fine. */
export function originProblem({ headers }: IncomingMessage): BerthError<'HOST_REFUSED'> | null {
  const { origin } = headers
  if (origin === undefined) return null
  return origin === `http://${headers.host?.toLowerCase()}` ? null : refused(origin)
}

/** A loopback name, with or without a port. Anything else, such as a user or a path, is refused. */
function isLoopback(host: string): boolean {
  const name = LOOPBACK_NAMES.find((candidate) => host === candidate || host.startsWith(`${candidate}:`))
  if (name === undefined) return false
  const port = host.slice(name.length + 1)
  return host === name || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)
}

function refused(host: string): BerthError<'HOST_REFUSED'> {
  const shown = host.slice(0, 253)
  return new BerthError('HOST_REFUSED', `“${shown}” is not an address of this Berth.`, {
    host: shown,
    next: 'Use the address that Berth printed, which has 127.0.0.1 or localhost.',
  })
}
