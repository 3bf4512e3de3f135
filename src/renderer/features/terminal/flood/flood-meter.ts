/** Output that comes faster than this, for so long that this much of it has come, is a flood. */
const WINDOW_MS = 250
const LEAST_BYTES_PER_WINDOW = 64 * 1024
const SURE_BYTES = 128 * 1024

export interface FloodMeter {
  add(byteCount: number): void
  /** Whether more comes than anybody reads, and has for a moment; something has come within these milliseconds. */
  isFlood(quietMs: number): boolean
}

/** Tells a flood from much output: most of the first is never seen. `now` is in milliseconds. */
export function createFloodMeter(now: () => number): FloodMeter {
  let total = 0
  let windowBegan = 0
  let windowBytes = 0
  let lastCame = 0
  return {
    add(byteCount) {
      lastCame = now()
      if (lastCame - windowBegan > WINDOW_MS) {
        if (windowBytes < LEAST_BYTES_PER_WINDOW || lastCame - windowBegan > 2 * WINDOW_MS) total = 0
        windowBegan = lastCame
        windowBytes = 0
      }
      windowBytes += byteCount
      total += byteCount
    },
    isFlood: (quietMs) => total >= SURE_BYTES && now() - lastCame < quietMs,
  }
}
