import { setTimeout } from 'node:timers/promises'
import { Mutex } from 'async-mutex'
import { isBerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import { stopBySignals } from './stop-by-signals'

/** Pauses containers for a moment, one moment at a time, and always resumes them. */
export interface Freezer {
  freeze(containerId: string, during: () => Promise<void>): Promise<void>
  /** Whether it stands still for such a moment, or is about to. */
  holds(containerId: string): boolean
}

export function createFreezer(engine: Engine): Freezer {
  const moments = new Map<string, Mutex>()
  return {
    async freeze(containerId, during) {
      const mutex = moments.get(containerId) ?? new Mutex()
      moments.set(containerId, mutex)
      try {
        await mutex.runExclusive(async () => {
          if (!canPause(engine)) return stopBySignals(engine, containerId, during)
          await pause(engine, containerId)
          try {
            await during()
          } finally {
            await engine.containers.unpause(containerId)
          }
        })
      } finally {
        if (!mutex.isLocked()) moments.delete(containerId)
      }
    },
    holds: (containerId) => moments.has(containerId),
  }
}

/** While it is away, trying says why it cannot. */
function canPause(engine: Engine): boolean {
  const state = engine.state()
  return state.status !== 'connected' || state.capabilities.groups
}

const TRIES = 3
const AGAIN_MS = 200

/** On a busy machine the engine does not always manage to stop every process immediately (“unable to freeze”). */
async function pause(engine: Engine, containerId: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await engine.containers.pause(containerId)
    } catch (error) {
      if (tries === TRIES || !isBerthError(error, 'ENGINE_REFUSED')) throw error
      await setTimeout(AGAIN_MS)
    }
  }
}
