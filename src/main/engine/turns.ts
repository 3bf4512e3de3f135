import { Semaphore } from 'async-mutex'

/** At once on all engines: what many engines answer at the same time would hold up their events, and whoever waits for a door. */
const IN_ALL = 16
/** What takes longer waits for its engine and not for Berth: it no longer counts for other engines, so that one that hangs keeps none waiting. */
const COUNTED_MS = 100

/** Work on engines that nobody waits for, such as what follows each connection for every workspace: a few at a time, the rest in the order in which it came. */
export interface Turns {
  /** Resolves and throws as the work does, which starts at once while little else is running. The work must end on its own. */
  take<Value>(engine: string, work: () => Promise<Value>): Promise<Value>
}

/** `atOnce`: on each engine. */
export function createTurns(atOnce: number): Turns {
  const everywhere = new Semaphore(IN_ALL)
  const engines = new Map<string, { semaphore: Semaphore; users: number }>()

  async function counted<Value>(work: () => Promise<Value>): Promise<Value> {
    const [, release] = await everywhere.acquire()
    // Releasing twice is fine.
    const timer = setTimeout(release, COUNTED_MS).unref()
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      release()
    }
  }

  return {
    async take(engine, work) {
      const turns = engines.get(engine) ?? { semaphore: new Semaphore(atOnce), users: 0 }
      engines.set(engine, turns)
      turns.users += 1
      try {
        return await turns.semaphore.runExclusive(() => counted(work))
      } finally {
        turns.users -= 1
        if (turns.users === 0) engines.delete(engine)
      }
    },
  }
}
