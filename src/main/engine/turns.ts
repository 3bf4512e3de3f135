import { Semaphore } from 'async-mutex'

/** For all engines together: simultaneous answers of many engines would delay their events and the doors. */
const IN_ALL = 16
/** What takes longer waits for its engine and not for Berth: it no longer counts for other engines, so that one that hangs keeps none waiting. */
const COUNTED_MS = 100

/** Background work on engines, such as the work for every workspace after a connection: a few at a time, the rest in order. */
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
