import { useEffect, useState } from 'react'
import type { LogBuffer, LogView } from './log-buffer'
import { type LogMatch, noSearch, searchLog, stepMatch } from './log-search'

export interface UsedLogSearch {
  query: string
  matchCase: boolean
  matches: readonly LogMatch[]
  current: LogMatch | null
  /** 1 for the first; null when none is the current one. */
  position: number | null
  search(query: string, matchCase: boolean): void
  step(direction: 1 | -1): void
}

/** A search that follows the log. `reveal` shows a match; `nearNumber` says from which line on the first one is looked for. */
export function useLogSearch(buffer: LogBuffer, view: LogView, nearNumber: () => number, reveal: (match: LogMatch) => void): UsedLogSearch {
  const [found, setFound] = useState({ buffer, search: noSearch })
  const [current, setCurrent] = useState<LogMatch | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each view has new lines to be searched
  useEffect(() => {
    setFound((previous) => {
      const { query, matchCase } = previous.search
      // Another buffer counts its lines from 0 again: nothing found in the last one holds.
      const base = previous.buffer === buffer ? previous.search : noSearch
      const search = searchLog(base, query, matchCase, buffer.lines())
      return search === previous.search ? previous : { buffer, search }
    })
  }, [buffer, view])

  const { query, matchCase, matches } = found.search

  function goTo(match: LogMatch | null): void {
    setCurrent(match)
    if (match) reveal(match)
  }

  const index = current === null ? -1 : matches.indexOf(current)
  return {
    query,
    matchCase,
    matches,
    current,
    position: index === -1 ? null : index + 1,
    search(nextQuery, nextMatchCase) {
      const search = searchLog(noSearch, nextQuery, nextMatchCase, buffer.lines())
      setFound({ buffer, search })
      goTo(stepMatch(search.matches, null, 1, current?.number ?? nearNumber()))
    },
    step: (direction) => goTo(stepMatch(matches, current, direction, nearNumber())),
  }
}
