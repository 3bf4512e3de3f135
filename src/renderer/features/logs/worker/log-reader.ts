import { plainLine } from '../ansi-line'
import { GAP_FLAG, type Level, levelNumber, levelNumberOf, levelOf, STDERR_FLAG } from './line-flags'
import { createLineIndex, lowerBound, type VisibleLines } from './line-index'
import { type LogChunk, lineText } from './log-chunk'
import { createLogStore, type LogStore } from './log-store'
import { textOf } from './log-text'
import type { LogPhase, LogRequest, LogRowData, LogView, WantedRows } from './protocol'
import type { LogQuery } from './search-chunk'
import { createSearchState, type IsVisible, type MatchPlace } from './search-state'
import type { Searcher } from './searcher'

/** Rows above and below those in sight that are sent with them, so that scrolling meets no empty ones. */
const SPARE_ROWS = 120

/** The log as one page looks at it: lines, what is filtered out, what is searched for, where it is. */
export interface LogReader {
  store(): LogStore
  /** Begins anew, with no lines; filter and search stay. */
  reset(): void
  want(rows: WantedRows): void
  clear(): void
  filter(leastLevel: Level, onlyMatching: boolean): void
  search(query: LogQuery | null, near: number): void
  step(direction: 1 | -1, near: number): void
  revealTime(time: number): void
  text(request: Extract<LogRequest, { kind: 'text' }>): Blob
  /** What is to be drawn now. */
  view(phase: LogPhase): LogView
}

interface LogReaderOptions {
  makeSearcher: () => Searcher
  /** There is something new to draw. */
  onChange(): void
}

export function createLogReader({ makeSearcher, onChange }: LogReaderOptions): LogReader {
  let store = createLogStore()
  const index = createLineIndex()
  const search = createSearchState({ makeSearcher, onProgress: onSearchProgress })
  let wanted: WantedRows = { kind: 'end', rows: 60 }
  let generation = 0
  let shift = 0
  let leastLevel = 0
  let onlyMatching = false
  let isSearching = false
  let isVisible: IsVisible | null = null
  let current: MatchPlace | null = null
  /** A match is to be shown as soon as one is found, from this line on. */
  let revealFrom: number | null = null
  let reveal: number | null = null
  let firstNumber: number | null = null
  /** Number of the line at the top when the rows before it changed. */
  let anchor: number | null = null

  const visibleOf: VisibleLines = (chunk, from) => {
    if (isFiltering()) {
      const upTo = onlyMatching && isSearching ? search.searchedOf(chunk) : chunk.count
      return { lines: visibleLines(chunk, from, upTo), upTo }
    }
    return { lines: null, upTo: chunk.count }
  }

  const isFiltering = () => leastLevel > 0 || (onlyMatching && isSearching)

  function visibleLines(chunk: LogChunk, from: number, upTo: number): Uint32Array {
    const lines: number[] = []
    const passes = (line: number) => leastLevel === 0 || passesLevel(chunk, line)
    if (onlyMatching && isSearching) {
      const found = search.linesOf(chunk)
      for (let at = lowerBound(found, from); at < found.length; at++) {
        const line = found[at] ?? 0
        if (line < upTo && passes(line)) lines.push(line)
      }
    } else for (let line = from; line < upTo; line++) if (passes(line)) lines.push(line)
    return Uint32Array.from(lines)
  }

  function passesLevel(chunk: LogChunk, line: number): boolean {
    const flags = chunk.flags[line] ?? 0
    return (flags & GAP_FLAG) !== 0 || levelNumberOf(flags) >= leastLevel
  }

  function keepPlace(): void {
    if (wanted.kind === 'end' || anchor !== null) return
    const place = index.at(wanted.top)
    anchor = place && place.chunk.firstNumber + place.line
  }

  /** After it rows are up to date with lines, and what was at the top is where it went. */
  function refresh(): void {
    const chunks = store.chunks()
    const first = chunks[0]?.firstNumber ?? null
    if (first !== firstNumber) {
      keepPlace()
      firstNumber = first
    }
    if (isSearching) search.update(chunks)
    index.update(chunks, visibleOf)
    if (anchor === null) return
    if (wanted.kind === 'at') {
      generation++
      const top = index.rowOf(anchor)
      shift += top - wanted.top
      wanted = { ...wanted, top, generation }
    }
    anchor = null
  }

  function refilter(): void {
    keepPlace()
    index.invalidate()
    isVisible = leastLevel > 0 ? passesLevel.bind(null) : null
    onChange()
  }

  function onSearchProgress(): void {
    showFirstMatch()
    onChange()
  }

  function showFirstMatch(): void {
    if (revealFrom === null) return
    const status = search.status()
    const found = search.step(revealFrom, 1, isVisible)
    // One from the beginning may be a nearer one's stand-in while the search is under way.
    if (found !== null && (found.number >= revealFrom || status !== 'running')) goTo(found)
    if (found !== null && found.number >= revealFrom) revealFrom = null
    if (status !== 'running') revealFrom = null
  }

  function goTo(place: MatchPlace): void {
    current = place
    refresh()
    reveal = index.rowOf(place.number)
    onChange()
  }

  function rowAt(row: number): LogRowData | null {
    const place = index.at(row)
    if (place === null) return null
    const { chunk, line } = place
    const flags = chunk.flags[line] ?? 0
    const time = chunk.times[line] ?? Number.NaN
    const number = chunk.firstNumber + line
    const raw = lineText(chunk, line)
    const matches = isSearching ? search.matchesIn(chunk, line, plainLine(raw)) : []
    return {
      number,
      time: Number.isNaN(time) ? null : time,
      level: levelOf(flags),
      stderr: (flags & STDERR_FLAG) !== 0,
      gap: (flags & GAP_FLAG) !== 0,
      raw,
      matches: matches.map((match, nth) => ({ ...match, current: current?.number === number && current.nth === nth })),
    }
  }

  function wantedRange(count: number): { from: number; to: number } {
    const top = Math.max(0, wanted.kind === 'end' ? count - wanted.rows : wanted.top)
    const from = Math.max(0, Math.min(top, count - wanted.rows) - SPARE_ROWS)
    return { from, to: Math.min(count, top + wanted.rows + SPARE_ROWS) }
  }

  return {
    store: () => store,
    reset() {
      store = createLogStore()
      index.invalidate()
      firstNumber = null
      current = null
      generation++
      shift = 0
      wanted = wanted.kind === 'end' ? wanted : { kind: 'end', rows: wanted.rows }
    },
    want(rows) {
      if (rows.kind === 'at' && rows.generation !== generation) return
      wanted = rows
      onChange()
    },
    clear() {
      store.clear()
      wanted = { kind: 'end', rows: wanted.rows }
      onChange()
    },
    filter(level, matching) {
      leastLevel = levelNumber(level)
      onlyMatching = matching
      refilter()
    },
    search(query, near) {
      isSearching = query !== null
      current = null
      revealFrom = query === null ? null : near
      search.start(query)
      if (onlyMatching) refilter()
      refresh()
      onChange()
    },
    step(direction, near) {
      const found = search.step(current ?? near, direction, isVisible)
      if (found) goTo(found)
    },
    revealTime(time) {
      refresh()
      let row = 0
      for (const chunk of store.chunks()) {
        const at = chunk.times.subarray(0, chunk.count).findIndex((candidate) => candidate >= time)
        if (at !== -1) {
          reveal = index.rowOf(chunk.firstNumber + at)
          return onChange()
        }
        row = index.rowOf(chunk.firstNumber + chunk.count)
      }
      reveal = Math.max(0, row - 1)
      onChange()
    },
    text({ lines, withTime }) {
      const shown = (chunk: LogChunk, line: number) => isVisible === null || isVisible(chunk, line)
      const matching = onlyMatching && isSearching
      return textOf(
        store.chunks(),
        (chunk, line) => {
          if (lines === 'all') return true
          const number = chunk.firstNumber + line
          if (lines !== 'visible' && (number < lines.from || number > lines.to)) return false
          if (!shown(chunk, line)) return false
          if (!matching) return true
          const found = search.linesOf(chunk)
          return found[lowerBound(found, line)] === line
        },
        withTime,
      )
    },
    view(phase) {
      refresh()
      const { count: total, dropped, cleared, historyCount, longest } = store.state()
      const count = index.count()
      const { from, to } = wantedRange(count)
      const rows: LogRowData[] = []
      for (let row = from; row < to; row++) {
        const data = rowAt(row)
        if (data) rows.push(data)
      }
      const once = { shift, reveal }
      shift = 0
      reveal = null
      return {
        ...once,
        generation,
        count,
        from,
        rows,
        total,
        dropped,
        cleared,
        historyCount,
        longest,
        phase,
        search: {
          status: search.status(),
          total: isSearching ? search.total(isVisible) : 0,
          position: current && search.position(current, isVisible),
        },
      }
    },
  }
}
