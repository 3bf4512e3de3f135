import type { IncomingMessage } from 'node:http'
import { BerthError } from '../../shared/errors'

/**
 * Which `Host` and `Origin` this server answers to. A page elsewhere that points its own name at 127.0.0.1 (DNS rebinding) sends
 * that name as Host, and is refused before anything is looked at.
 */
export interface HostCheck {
  /** HOST_REFUSED for a foreign or missing Host header; null when it is this server's own. */
  hostProblem(request: IncomingMessage): BerthError<'HOST_REFUSED'> | null
  /** The same for the Origin header; programs that are no browser send none, and that is fine. */
  originProblem(request: IncomingMessage): BerthError<'HOST_REFUSED'> | null
}

export function createHostCheck(port: number): HostCheck {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  const hosts = new Set(names.map((name) => `${name}:${port}`))
  // A browser leaves port 80 out.
  if (port === 80) for (const name of names) hosts.add(name)

  return {
    hostProblem(request) {
      const host = request.headers.host?.toLowerCase() ?? ''
      return hosts.has(host) ? null : refused(host)
    },
    originProblem(request) {
      const origin = request.headers.origin
      if (origin === undefined) return null
      return origin === `http://${request.headers.host?.toLowerCase()}` ? null : refused(origin)
    },
  }
}

function refused(host: string): BerthError<'HOST_REFUSED'> {
  const shown = host.slice(0, 253)
  return new BerthError('HOST_REFUSED', `“${shown}” is not an address of this Berth.`, {
    host: shown,
    next: 'Use the address that Berth printed, with 127.0.0.1 or localhost.',
  })
}
