export const LINE_HEIGHT = 18
const PADDING = 6
/** Browsers draw no element that is much taller; Firefox is the first to give up, at 17.9 million. */
const TALLEST_PIXELS = 15_000_000

/** A list of lines, taller than an element can be, on a scrollbar that is not. Pixels of the list are `offset`, of the bar `scrollTop`. */
export interface ScrollScale {
  /** Height of the element that makes the bar. */
  barHeight: number
  maxOffset: number
  toScrollTop(offset: number): number
  /** After the bar went from one place to another: a step moves the list by as much, a jump by its share of the whole. */
  toOffset(before: { offset: number; scrollTop: number }, scrollTop: number): number
}

export function scrollScale(lineCount: number, viewportHeight: number, tallest = TALLEST_PIXELS): ScrollScale {
  const height = lineCount * LINE_HEIGHT + 2 * PADDING
  const barHeight = Math.min(height, tallest)
  const maxOffset = Math.max(0, height - viewportHeight)
  const maxTop = Math.max(0, barHeight - viewportHeight)
  const ratio = maxTop === 0 ? 1 : maxOffset / maxTop
  const clamp = (offset: number) => Math.min(Math.max(0, offset), maxOffset)
  return {
    barHeight,
    maxOffset,
    toScrollTop: (offset) => clamp(offset) / ratio,
    toOffset(before, scrollTop) {
      if (ratio === 1) return clamp(scrollTop)
      if (scrollTop <= 0) return 0
      if (scrollTop >= maxTop - 1) return maxOffset
      const step = scrollTop - before.scrollTop
      return clamp(Math.abs(step) <= viewportHeight ? before.offset + step : scrollTop * ratio)
    },
  }
}

/** The row at the upper edge, and how far it is above it. */
export function rowAtOffset(offset: number): { row: number; hidden: number } {
  const row = Math.max(0, Math.floor((offset - PADDING) / LINE_HEIGHT))
  return { row, hidden: offset - PADDING - row * LINE_HEIGHT }
}

export function offsetOfRow(row: number): number {
  return row === 0 ? 0 : PADDING + row * LINE_HEIGHT
}
