export interface GatherOptions {
  /** What comes within this time of the last piece goes into one next piece. */
  milliseconds: number
  /** As much as this is not held back. */
  bytes: number
}

/**
 * Small pieces made into larger ones: the first after a silence at once, a trickle in one every few milliseconds, a flood in full ones as
 * fast as they are taken. Holds no more than one. A failure comes after what came before it.
 */
export async function* gather(source: AsyncIterable<Buffer>, { milliseconds, bytes: full }: GatherOptions): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]()
  /** Asked for and not come yet: asking goes on while what came before is handed over. */
  let next: Promise<IteratorResult<Buffer>> | null = null
  let lastGiven = Number.NEGATIVE_INFINITY
  const takeNext = () => {
    next ??= iterator.next()
    return next
  }
  try {
    for (;;) {
      const first = await takeNext()
      next = null
      if (first.done) return
      const pieces = [first.value]
      let length = first.value.length
      const rest = lastGiven + milliseconds - performance.now()
      if (rest > 0) {
        let timer: NodeJS.Timeout | undefined
        const late = new Promise<null>((resolve) => {
          timer = setTimeout(() => resolve(null), rest)
        })
        while (length < full) {
          // The end and a failure are met again, when these have been handed over.
          const piece = await Promise.race([takeNext(), late]).catch(() => null)
          if (piece === null || piece.done) break
          next = null
          pieces.push(piece.value)
          length += piece.value.length
        }
        clearTimeout(timer)
      }
      lastGiven = performance.now()
      yield pieces.length === 1 ? first.value : Buffer.concat(pieces, length)
    }
  } finally {
    // It may be waiting for something that never comes; its reader aborts it.
    void Promise.allSettled([next, iterator.return?.()])
  }
}
