/** xterm looks at the clock between pieces: they are small enough that the page gets each of its frames. */
const PIECE_BYTES = 16 * 1024
/** Acknowledged together; a sixth of what may be under way. */
const ACKNOWLEDGED_BYTES = 64 * 1024
/** What a hidden terminal may have waiting. Browsers let a hidden page work for a moment each second, and a program must not wait for that. */
const HIDDEN_BYTES = 256 * 1024

interface OutputFeedOptions {
  /** Takes a piece, and calls `done` when it is on the screen. */
  write(piece: Uint8Array, done: () => void): void
  acknowledge(byteCount: number): void
}

export interface OutputFeed {
  /** `done` is called when all of it is on the screen. */
  write(bytes: Uint8Array, done?: () => void): void
  /** A whole screen comes next: what was left out before it does not matter any more. */
  startAnew(): void
  setHidden(hidden: boolean): void
  /** Output was left out while nobody looked: the screen has to be asked for anew. */
  isStale(): boolean
}

/** Brings output to the screen as fast as it can be drawn, and acknowledges what is there, so that a flood waits in its program. */
export function createOutputFeed({ write, acknowledge }: OutputFeedOptions): OutputFeed {
  let pending = 0
  let unacknowledged = 0
  let hidden = false
  let stale = false

  function settle(byteCount: number): void {
    unacknowledged += byteCount
    if (unacknowledged < ACKNOWLEDGED_BYTES && pending > 0) return
    acknowledge(unacknowledged)
    unacknowledged = 0
  }

  return {
    write(bytes, done) {
      if (hidden && pending + bytes.length > HIDDEN_BYTES) stale = true
      if (stale || bytes.length === 0) {
        settle(bytes.length)
        done?.()
        return
      }
      pending += bytes.length
      for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
        const piece = bytes.subarray(from, from + PIECE_BYTES)
        write(piece, () => {
          pending -= piece.length
          settle(piece.length)
          if (from + PIECE_BYTES >= bytes.length) done?.()
        })
      }
    },
    startAnew() {
      stale = false
    },
    setHidden(next) {
      hidden = next
    },
    isStale: () => stale,
  }
}
