import type { AnsiSpan, AnsiStyle } from './ansi-line'

/** Where a match is in a line, and whether it is the one that is stepped to. */
export interface LineMatch {
  start: number
  end: number
  current: boolean
}

export interface LineSegment {
  text: string
  style: AnsiStyle
  match: LineMatch | null
  /** Its place in the line. */
  start: number
}

/** The spans of a line, cut where matches begin and end. Matches are in order and do not overlap. */
export function lineSegments(spans: readonly AnsiSpan[], matches: readonly LineMatch[]): LineSegment[] {
  const segments: LineSegment[] = []
  let spanStart = 0
  let matchIndex = 0
  for (const { text, style } of spans) {
    const spanEnd = spanStart + text.length
    let from = spanStart
    while (from < spanEnd) {
      while ((matches[matchIndex]?.end ?? Number.POSITIVE_INFINITY) <= from) matchIndex++
      const match = matches[matchIndex]
      const inside = match !== undefined && match.start <= from
      const to = Math.min(spanEnd, inside ? match.end : (match?.start ?? spanEnd))
      segments.push({ text: text.slice(from - spanStart, to - spanStart), style, match: inside ? match : null, start: from })
      from = to
    }
    spanStart = spanEnd
  }
  return segments
}
