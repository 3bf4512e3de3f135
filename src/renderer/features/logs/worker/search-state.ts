import { concatenate, lowerBound } from './line-index'
import { type LogChunk, lineEnd } from './log-chunk'
import { type ChunkMatches, compileQuery, type LogQuery, matchesInLine } from './search-chunk'
import type { Searcher } from './searcher'

/** At once: one is looked through while the next is on its way. */
const IN_FLIGHT = 2

/** One match: which of its line, from 0. */
export interface MatchPlace {
  number: number
  nth: number
}

export type SearchStatus = 'idle' | 'running' | 'done' | 'invalid' | 'too-slow'

/** A search that follows a log: what came since is looked through when `update` is called. */
export interface SearchState {
  status(): SearchStatus
  /** `visible` says which lines count. */
  total(isVisible: IsVisible | null): number
  start(query: LogQuery | null): void
  update(chunks: readonly LogChunk[]): void
  /** Lines of the chunk with matches, as far as it has been looked through. */
  linesOf(chunk: LogChunk): Uint32Array
  /** How many lines of the chunk have been looked through. */
  searchedOf(chunk: LogChunk): number
  matchesIn(chunk: LogChunk, line: number, text: string): { start: number; end: number }[]
  /** From `place` (or from the line of that number) to the next one; around the ends. */
  step(from: MatchPlace | number, direction: 1 | -1, isVisible: IsVisible | null): MatchPlace | null
  /** 1 for the first; null when it is not among the matches. */
  position(place: MatchPlace, isVisible: IsVisible | null): number | null
}

export type IsVisible = (chunk: LogChunk, line: number) => boolean

interface Result extends ChunkMatches {
  /** Lines that have been looked through, and asked for. */
  done: number
  asked: number
  /** Matches that count, as long as neither the lines nor what is visible have changed. */
  sum: { done: number; isVisible: IsVisible | null; total: number } | null
}

export function createSearchState({ makeSearcher, onProgress }: { makeSearcher: () => Searcher; onProgress(): void }): SearchState {
  let searcher: Searcher | null = null
  let query: LogQuery | null = null
  let regex: RegExp | null = null
  let status: SearchStatus = 'idle'
  let results = new Map<LogChunk, Result>()
  let chunks: readonly LogChunk[] = []
  let inFlight = 0
  let run = 0

  function resultOf(chunk: LogChunk): Result {
    const known = results.get(chunk)
    if (known) return known
    const fresh = { lines: new Uint32Array(), counts: new Uint32Array(), done: 0, asked: 0, sum: null }
    results.set(chunk, fresh)
    return fresh
  }

  function totalOf(chunk: LogChunk, isVisible: IsVisible | null): number {
    const result = resultOf(chunk)
    const { lines, counts, done, sum } = result
    if (sum !== null && sum.done === done && sum.isVisible === isVisible) return sum.total
    let total = 0
    for (let at = 0; at < lines.length; at++) if (isVisible === null || isVisible(chunk, lines[at] ?? 0)) total += counts[at] ?? 0
    result.sum = { done, isVisible, total }
    return total
  }

  function proceed(): void {
    if (query === null || (status !== 'running' && status !== 'done')) return
    for (const chunk of chunks) {
      if (inFlight >= IN_FLIGHT) break
      const result = resultOf(chunk)
      // A part at a time: the answers of a chunk have to come in their order.
      if (result.asked < chunk.count && result.asked === result.done) void look(chunk, result, run)
    }
    status = inFlight > 0 ? 'running' : 'done'
  }

  async function look(chunk: LogChunk, result: Result, ofRun: number): Promise<void> {
    const from = result.done
    const to = chunk.count
    result.asked = to
    inFlight++
    searcher ??= makeSearcher()
    const text = chunk.text.slice(chunk.offsets[from], lineEnd(chunk, to - 1) + 1)
    const found = await searcher.search({ text, hasControls: chunk.hasControls })
    if (ofRun !== run) return
    inFlight--
    if (found === null) {
      searcher = null
      status = 'too-slow'
    } else {
      result.lines = concatenate(result.lines, from === 0 ? found.lines : found.lines.map((line) => line + from))
      result.counts = concatenate(result.counts, found.counts)
      result.done = to
      proceed()
    }
    onProgress()
  }

  /** Lines with matches in their order, from a chunk on. */
  function* linesFrom(number: number, direction: 1 | -1, isVisible: IsVisible | null): Generator<{ number: number; count: number }> {
    const ordered = direction === 1 ? chunks : chunks.toReversed()
    for (const chunk of ordered) {
      const last = chunk.firstNumber + chunk.count - 1
      if (direction === 1 ? last < number : chunk.firstNumber > number) continue
      const { lines, counts } = resultOf(chunk)
      const edge = lowerBound(lines, direction === 1 ? number - chunk.firstNumber : number - chunk.firstNumber + 1)
      for (let at = direction === 1 ? edge : edge - 1; at >= 0 && at < lines.length; at += direction) {
        const line = lines[at] ?? 0
        if (isVisible === null || isVisible(chunk, line)) yield { number: chunk.firstNumber + line, count: counts[at] ?? 0 }
      }
    }
  }

  return {
    status: () => status,
    total: (isVisible) => chunks.reduce((sum, chunk) => sum + totalOf(chunk, isVisible), 0),
    start(next) {
      run++
      results = new Map()
      inFlight = 0
      query = next
      regex = null
      status = 'idle'
      if (next === null) return
      try {
        regex = compileQuery(next)
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        status = 'invalid'
        return
      }
      searcher ??= makeSearcher()
      searcher.setQuery(next)
      status = 'running'
      proceed()
    },
    update(next) {
      if (chunks !== next) {
        chunks = next
        const kept = new Set(next)
        for (const chunk of results.keys()) if (!kept.has(chunk)) results.delete(chunk)
      }
      proceed()
    },
    linesOf: (chunk) => resultOf(chunk).lines,
    searchedOf: (chunk) => resultOf(chunk).done,
    matchesIn(chunk, line, text) {
      if (regex === null) return []
      const { lines } = resultOf(chunk)
      return lines[lowerBound(lines, line)] === line ? matchesInLine(text, regex) : []
    },
    step(from, direction, isVisible) {
      const place = typeof from === 'number' ? { number: from, nth: direction === 1 ? -1 : Number.POSITIVE_INFINITY } : from
      for (const { number, count } of linesFrom(place.number, direction, isVisible)) {
        if (number !== place.number) return { number, nth: direction === 1 ? 0 : count - 1 }
        const nth = Math.min(place.nth, count) + direction
        if (nth >= 0 && nth < count) return { number, nth }
      }
      const edge = direction === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
      for (const { number, count } of linesFrom(edge, direction, isVisible)) return { number, nth: direction === 1 ? 0 : count - 1 }
      return null
    },
    position(place, isVisible) {
      let before = 0
      for (const chunk of chunks) {
        if (chunk.firstNumber + chunk.count <= place.number) {
          before += totalOf(chunk, isVisible)
          continue
        }
        const { lines, counts } = resultOf(chunk)
        const wanted = place.number - chunk.firstNumber
        for (let at = 0; at < lines.length; at++) {
          const line = lines[at] ?? 0
          if (line > wanted || (isVisible !== null && !isVisible(chunk, line))) continue
          if (line === wanted) return before + Math.min(place.nth, (counts[at] ?? 1) - 1) + 1
          before += counts[at] ?? 0
        }
        return null
      }
      return null
    },
  }
}
