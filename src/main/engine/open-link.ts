import { clientOptions, isInsecure } from './docker-client'
import type { Endpoint, EngineSurroundings } from './engine-address'
import type { Link } from './link'
import { openSshLink } from './ssh/ssh-link'
import { parseSshUrl } from './ssh/ssh-target'

/** On this machine nothing delays an answer but the engine. */
const LOCAL_PING_MS = 4000
/** Over a network what is lost is sent again, and a lost handshake only after seconds. */
const REMOTE_PING_MS = 10_000

/** Throws what keeps it from being one: a URL of no kind that is known, certificates that cannot be read, or what ssh complains of. */
export async function openLink(endpoint: Endpoint, surroundings: EngineSurroundings, signal: AbortSignal): Promise<Link> {
  const { protocol } = new URL(endpoint.url)
  if (protocol === 'ssh:') return openSshLink(parseSshUrl(endpoint.url), surroundings, signal)
  return {
    options: clientOptions(endpoint),
    agent: null,
    isInsecure: isInsecure(endpoint),
    pingMs: protocol === 'unix:' || protocol === 'npipe:' ? LOCAL_PING_MS : REMOTE_PING_MS,
    onEnd: () => undefined,
    // Ports of this machine need not be carried.
    carriesPorts: protocol === 'unix:' || protocol === 'npipe:',
    bringPort: async () => undefined,
    dropPort: async () => undefined,
    close: async () => undefined,
  }
}
