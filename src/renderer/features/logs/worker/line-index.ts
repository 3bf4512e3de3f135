import type { LogChunk } from './log-chunk'

/** Which lines of a chunk are to be seen, from line `from` up to `upTo`: their places in the chunk; null for all of them. */
export type VisibleLines = (chunk: LogChunk, from: number) => { lines: Uint32Array | null; upTo: number }

interface Part {
  chunk: LogChunk
  /** How many of its lines have been looked at. */
  seen: number
  visible: Uint32Array | null
  count: number
  /** Rows before it. */
  start: number
}

/** From rows of the view to lines, through what is filtered out. */
export interface LineIndex {
  count(): number
  /** Brings it up to date with chunks that came, grew and went. */
  update(chunks: readonly LogChunk[], visibleOf: VisibleLines): void
  /** All that is known of what is visible no longer holds. */
  invalidate(): void
  at(row: number): { chunk: LogChunk; line: number } | null
  /** The first row whose line has this number or a higher one; `count()` when there is none. */
  rowOf(number: number): number
}

export function createLineIndex(): LineIndex {
  let parts: Part[] = []
  let count = 0

  function partAt(row: number): Part | null {
    let low = 0
    let high = parts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((parts[middle]?.start ?? 0) <= row) low = middle
      else high = middle - 1
    }
    return parts[low] ?? null
  }

  return {
    count: () => count,
    update(chunks, visibleOf) {
      const known = new Map(parts.map((part) => [part.chunk, part]))
      count = 0
      parts = chunks.map((chunk) => {
        const part = known.get(chunk) ?? { chunk, seen: 0, visible: null, count: 0, start: 0 }
        if (part.seen < chunk.count) {
          const { lines, upTo } = visibleOf(chunk, part.seen)
          part.visible = lines === null || part.visible === null ? lines : concatenate(part.visible, lines)
          part.seen = upTo
          part.count = part.visible?.length ?? upTo
        }
        part.start = count
        count += part.count
        return part
      })
    },
    invalidate() {
      parts = []
    },
    at(row) {
      if (row < 0 || row >= count) return null
      const part = partAt(row)
      if (part === null) return null
      const within = row - part.start
      const line = part.visible === null ? within : part.visible[within]
      return line === undefined ? null : { chunk: part.chunk, line }
    },
    rowOf(number) {
      const part = parts.find(({ chunk }) => chunk.firstNumber + chunk.count > number)
      if (part === undefined) return count
      const line = Math.max(0, number - part.chunk.firstNumber)
      return part.start + (part.visible === null ? line : lowerBound(part.visible, line))
    },
  }
}

/** The place of the first value that is not lower; the length when all are. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

export function concatenate(one: Uint32Array, other: Uint32Array): Uint32Array<ArrayBuffer> {
  const both = new Uint32Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
