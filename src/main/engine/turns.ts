import { Semaphore } from 'async-mutex'

/** Work on engines that nobody waits for, such as what follows each connection for every workspace: a few at a time on each, the rest in the order in which it came. */
export interface Turns {
  /** Resolves and throws as the work does, whose turn comes at once while few are at work on that engine. The work has to end by itself. */
  take<Value>(engine: string, work: () => Promise<Value>): Promise<Value>
}

/** `atOnce`: of each engine. */
export function createTurns(atOnce: number): Turns {
  const engines = new Map<string, { semaphore: Semaphore; users: number }>()
  return {
    async take(engine, work) {
      const turns = engines.get(engine) ?? { semaphore: new Semaphore(atOnce), users: 0 }
      engines.set(engine, turns)
      turns.users += 1
      try {
        return await turns.semaphore.runExclusive(work)
      } finally {
        turns.users -= 1
        if (turns.users === 0) engines.delete(engine)
      }
    },
  }
}
