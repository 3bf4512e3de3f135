import { createServer } from 'node:net'
import { Mutex } from 'async-mutex'
import type { Settings } from '../../shared/contract/settings'
import { BerthError } from '../../shared/errors'
import type { Engine } from '../engine/engine'

/** A port nobody else is given until it is released. */
export interface PortReservation {
  port: number
  /** Once a record holds the port, or nobody will. */
  release(): void
}

export interface PortAllocator {
  /**
   * The lowest port of the range that no record has, on whichever engine, no reservation holds, and that can be bound here, where it is reached.
   * Throws PORTS_EXHAUSTED.
   */
  reserve(): Promise<PortReservation>
  /**
   * Exactly this port, in the range or not; null if a record or a reservation has it, or something listens on it. `isHeld` is for a port
   * whose current owner is about to release it.
   */
  claim(port: number, engine: PublishingEngine, options: { isHeld: boolean }): Promise<PortReservation | null>
  /** Whether a container of that engine could be given that port now, as far as this machine can tell: only its own ports can be tried. */
  canBind(port: number, engine: PublishingEngine): Promise<boolean>
}

/** The engine that is to publish a port. */
type PublishingEngine = Pick<Engine, 'isLocal'>

interface PortAllocatorOptions {
  settings: () => Pick<Settings, 'sshPorts' | 'sshAddress'>
  /** Ports of all records, those of stopped workspaces included. */
  recordedPorts: () => Iterable<number>
}

export function createPortAllocator({ settings, recordedPorts }: PortAllocatorOptions): PortAllocator {
  const mutex = new Mutex()
  const reserved = new Set<number>()

  const isFree = (port: number) => bindSucceeds(port, settings().sshAddress)

  async function findFree(): Promise<number> {
    const { from, to } = settings().sshPorts
    const recorded = new Set(recordedPorts())
    for (let port = from; port <= to; port++) {
      if (!recorded.has(port) && !reserved.has(port) && (await isFree(port))) return port
    }
    throw new BerthError('PORTS_EXHAUSTED', `All SSH ports from ${from} to ${to} are taken.`, {
      from,
      to,
      setting: 'sshPorts',
      next: 'Use a larger range in Settings, or delete a workspace that you no longer need.',
    })
  }

  function take(port: number): PortReservation {
    reserved.add(port)
    return { port, release: () => reserved.delete(port) }
  }

  return {
    canBind: async (port, engine) => !engine.isLocal() || (await isFree(port)),
    reserve: () => mutex.runExclusive(async () => take(await findFree())),
    claim: (port, engine, { isHeld }) =>
      mutex.runExclusive(async () => {
        if (reserved.has(port) || new Set(recordedPorts()).has(port)) return null
        return isHeld || !engine.isLocal() || (await isFree(port)) ? take(port) : null
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
