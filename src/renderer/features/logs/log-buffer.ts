import type { LogBatch, LogEntry } from '../../../shared/contract/workspaces'
import { plainLine } from './ansi-line'

export const MAX_LINES = 100_000
/** Dropped this many at a time, so that what is on the screen moves seldom. */
const DROP_LINES = 5_000
/** A line longer than this is cut: one of a hundred megabytes must not take the window down. */
const MAX_LINE_LENGTH = 20_000

export interface LogLine {
  /** Counts up from 0 within a buffer; stays with the line while older ones are dropped. */
  number: number
  time: string | null
  stream: LogEntry['stream']
  /** With its escape sequences. */
  raw: string
  /** Without. */
  text: string
}

/** What a view draws; replaced, never changed. */
export interface LogView {
  count: number
  /** Number of the oldest line that is kept. */
  firstNumber: number
  /** Lines that came and are not kept: the oldest of too many. */
  dropped: number
  /** Lines the core left out because this page was too slow to take them. */
  missed: number
  /** True after `clear`. */
  cleared: boolean
  /** Characters of the longest line since the beginning or the last `clear`. */
  longest: number
}

export interface LogBuffer {
  append(batch: LogBatch): void
  /** Forgets the lines, and says so. */
  clear(): void
  line(index: number): LogLine | undefined
  /** All kept lines, oldest first. */
  lines(): readonly LogLine[]
  view(): LogView
  subscribe(listener: () => void): () => void
}

/**
 * The last lines of a log, bounded. Listeners are told at most once for each call of `schedule`'s callback, so that a flood costs
 * one drawing a frame.
 */
export function createLogBuffer({
  schedule = requestAnimationFrame,
  maxLines = MAX_LINES,
}: {
  schedule?: (callback: () => void) => void
  maxLines?: number
} = {}): LogBuffer {
  let lines: LogLine[] = []
  let nextNumber = 0
  let dropped = 0
  let missed = 0
  let cleared = false
  let longest = 0
  let view: LogView = { count: 0, firstNumber: 0, dropped, missed, cleared, longest }
  let scheduled = false
  const listeners = new Set<() => void>()

  function changed(): void {
    if (scheduled) return
    scheduled = true
    schedule(() => {
      scheduled = false
      view = { count: lines.length, firstNumber: lines[0]?.number ?? nextNumber, dropped, missed, cleared, longest }
      for (const listener of listeners) listener()
    })
  }

  return {
    append(batch) {
      missed += batch.missed
      for (const { time, stream, text: entryText } of batch.entries) {
        const raw = entryText.length > MAX_LINE_LENGTH ? `${entryText.slice(0, MAX_LINE_LENGTH)}…` : entryText
        const text = plainLine(raw)
        longest = Math.max(longest, text.length)
        lines.push({ number: nextNumber++, time, stream, raw, text })
      }
      if (lines.length > maxLines) {
        const surplus = Math.min(lines.length, lines.length - maxLines + Math.min(DROP_LINES, Math.ceil(maxLines / 20)))
        lines = lines.slice(surplus)
        dropped += surplus
      }
      changed()
    },
    clear() {
      lines = []
      dropped = 0
      missed = 0
      longest = 0
      cleared = true
      changed()
    },
    // Until the view is renewed, lines that came since have no row; ones that were dropped since give none.
    line: (index) => lines[index + view.firstNumber - (lines[0]?.number ?? nextNumber)],
    lines: () => lines,
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
