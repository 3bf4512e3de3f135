import { z } from 'zod'
import type { Engine } from './engine'
import { runCommand } from './run-command'

const READ_TIMEOUT_MS = 10_000
const MOST_BYTES = 64 * 1024

/** Those of Berth's image, or else those of an image that looks after its ssh server itself. */
const READ = ['/bin/sh', '-c', 'cat /etc/berth/ssh/ssh_host_*_key.pub 2>/dev/null || cat /etc/ssh/ssh_host_*_key.pub']

/**
 * The public host keys of a running workspace, each as “type key”. Read through the engine, so that another server on its ssh port can be
 * told apart from the workspace. Empty if it has none. Throws errors of the engine.
 */
export async function readHostKeys(engine: Pick<Engine, 'exec'>, containerId: string): Promise<string[]> {
  const { stdout } = await runCommand(engine.exec, {
    ...{ containerId, user: 'root', command: READ },
    timeoutMs: READ_TIMEOUT_MS,
    maxBytes: MOST_BYTES,
  })
  return parseHostKeys(stdout)
}

const HOST_KEY = /^((?:ssh|ecdsa|sk)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})(?: .*)?$/

/** “type key”. */
export const hostKeySchema = z
  .string()
  .max(4200)
  .refine((text) => parseHostKeys(text)[0] === text, 'It is not a host key.')

/** Type and key of each line of public keys, without its comment; what is no key is left out: it comes from inside the workspace. */
export function parseHostKeys(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, type, key] = HOST_KEY.exec(line.trim()) ?? []
    return type && key && key.length <= 4096 ? [`${type} ${key}`] : []
  })
}
