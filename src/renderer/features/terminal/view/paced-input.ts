const CHUNK_BYTES = 64 * 1024
/** Sent and not yet taken by the program; the core closes the channel of a client that sends far more than that. */
const WINDOW_BYTES = 512 * 1024

export interface PacedInput {
  write(bytes: Uint8Array): void
  /** The core says that so much has been taken. */
  taken(byteCount: number): void
  /** The connection is a new one: what waited belongs to a screen that is gone. */
  reset(): void
}

/** Sends input no faster than the program reads it, so that a paste of any size arrives whole. */
export function createPacedInput(send: (bytes: Uint8Array) => void): PacedInput {
  let waiting: Uint8Array[] = []
  let underWay = 0

  function flush(): void {
    while (underWay < WINDOW_BYTES) {
      const bytes = waiting.shift()
      if (!bytes) return
      underWay += bytes.length
      send(bytes)
    }
  }

  return {
    write(bytes) {
      for (let from = 0; from < bytes.length; from += CHUNK_BYTES) waiting.push(bytes.subarray(from, from + CHUNK_BYTES))
      flush()
    },
    taken(byteCount) {
      underWay = Math.max(0, underWay - byteCount)
      flush()
    },
    reset() {
      waiting = []
      underWay = 0
    },
  }
}
