import { BerthError } from '../../shared/errors'

/** A port of an engine's machine that cannot be the same port of this one. */
export function portUnavailable(host: string, port: number, reason: string, cause?: unknown): BerthError<'ENGINE_PORT_UNAVAILABLE'> {
  return new BerthError(
    'ENGINE_PORT_UNAVAILABLE',
    `Port ${port} of ${host} cannot be reached from this machine: ${reason}.`,
    { port, host, reason, next: `Stop the program that uses port ${port} on this machine, or give the workspace another port.` },
    { cause },
  )
}
