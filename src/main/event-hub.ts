import type { BerthEvent } from '../shared/contract/events'
import { log } from './log'

/** Brings what changes to every open door. */
export interface EventHub {
  emit(event: BerthEvent): void
  subscribe(listener: (event: BerthEvent) => void): () => void
}

export function createEventHub(): EventHub {
  const listeners = new Set<(event: BerthEvent) => void>()
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          // One door's failure must not keep the others from hearing.
          log.error({ err: error }, 'an event listener failed')
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
