import { useSyncExternalStore } from 'react'

/** One clock for each pace that anything on the page follows; it stands still when nothing does. */
function createClock(intervalMs: number) {
  const listeners = new Set<() => void>()
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | null = null
  return {
    now: () => now,
    subscribe(listener: () => void) {
      listeners.add(listener)
      timer ??= setInterval(() => {
        now = Date.now()
        for (const listen of listeners) listen()
      }, intervalMs)
      if (listeners.size === 1) now = Date.now()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || timer === null) return
        clearInterval(timer)
        timer = null
      }
    },
  }
}

const clocks = { second: createClock(1000), minute: createClock(30_000) }

/** The time in ms since the epoch, kept fresh for words like “5 minutes ago” (`minute`) or a running duration (`second`). */
export function useNow(pace: 'second' | 'minute' = 'minute'): number {
  return useSyncExternalStore(clocks[pace].subscribe, clocks[pace].now)
}
