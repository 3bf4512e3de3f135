import { createServer } from 'node:net'
import { Mutex } from 'async-mutex'
import type { Settings } from '../../shared/contract/settings'
import { BerthError } from '../../shared/errors'

/** A port nobody else is given until it is released. */
export interface PortReservation {
  port: number
  /** Once a record holds the port, or nobody will. */
  release(): void
}

export interface PortAllocator {
  /** The lowest port of the range that no record has, no reservation holds and that can be bound. Throws PORTS_EXHAUSTED. */
  reserve(): Promise<PortReservation>
  /**
   * That very port, of the range or not; null when a record or a reservation has it, or something listens on it. `isHeld` is for one
   * that is bound by what is about to give it up.
   */
  claim(port: number, options: { isHeld: boolean }): Promise<PortReservation | null>
  /** Whether a workspace could be given that port now, as far as this machine is concerned. */
  canBind(port: number): Promise<boolean>
}

interface PortAllocatorOptions {
  settings: () => Pick<Settings, 'sshPorts' | 'sshAddress'>
  /** Ports of all records, those of stopped workspaces included. */
  recordedPorts: () => Iterable<number>
  /** Only ports of this machine can be tried; an engine elsewhere refuses at start instead. */
  engineIsLocal: () => boolean
}

export function createPortAllocator({ settings, recordedPorts, engineIsLocal }: PortAllocatorOptions): PortAllocator {
  const mutex = new Mutex()
  const reserved = new Set<number>()

  const canBind = async (port: number) => !engineIsLocal() || (await bindSucceeds(port, settings().sshAddress))

  async function findFree(): Promise<number> {
    const { from, to } = settings().sshPorts
    const recorded = new Set(recordedPorts())
    for (let port = from; port <= to; port++) {
      if (!recorded.has(port) && !reserved.has(port) && (await canBind(port))) return port
    }
    throw new BerthError('PORTS_EXHAUSTED', `All SSH ports from ${from} to ${to} are taken.`, {
      from,
      to,
      setting: 'sshPorts',
      next: 'Widen the range in Settings, or delete a workspace that is no longer needed.',
    })
  }

  function take(port: number): PortReservation {
    reserved.add(port)
    return { port, release: () => reserved.delete(port) }
  }

  return {
    canBind,
    reserve: () => mutex.runExclusive(async () => take(await findFree())),
    claim: (port, { isHeld }) =>
      mutex.runExclusive(async () => {
        if (reserved.has(port) || new Set(recordedPorts()).has(port)) return null
        return isHeld || (await canBind(port)) ? take(port) : null
      }),
  }
}

function bindSucceeds(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
