import type { LogLine } from './log-buffer'

/** More than anyone steps through; counting stops here. */
export const MAX_MATCHES = 100_000

export interface LogMatch {
  /** Of the line, as in LogLine. */
  number: number
  start: number
  end: number
}

export interface LogSearch {
  query: string
  matchCase: boolean
  /** In the order of the log. */
  matches: readonly LogMatch[]
  /** The first line that has not been searched. */
  nextNumber: number
}

export const noSearch: LogSearch = { query: '', matchCase: false, matches: [], nextNumber: 0 }

/** The search brought up to date: the same query looks at new lines only and forgets matches in dropped ones. */
export function searchLog(previous: LogSearch, query: string, matchCase: boolean, lines: readonly LogLine[]): LogSearch {
  if (query === '') return noSearch
  const firstNumber = lines[0]?.number ?? previous.nextNumber
  const lastNumber = lines.at(-1)?.number ?? previous.nextNumber - 1
  const continues = previous.query === query && previous.matchCase === matchCase && previous.nextNumber <= lastNumber + 1
  const kept = continues ? withoutDropped(previous.matches, firstNumber) : []
  const nextNumber = continues ? Math.max(previous.nextNumber, firstNumber) : firstNumber
  if (continues && nextNumber > lastNumber && kept === previous.matches) return previous
  const fresh = findIn(lines, nextNumber - firstNumber, query, matchCase, MAX_MATCHES - kept.length)
  return { query, matchCase, matches: fresh.length === 0 ? kept : [...kept, ...fresh], nextNumber: lastNumber + 1 }
}

function withoutDropped(matches: readonly LogMatch[], firstNumber: number): readonly LogMatch[] {
  const keptFrom = matches.findIndex(({ number }) => number >= firstNumber)
  if (keptFrom === 0) return matches
  return keptFrom === -1 ? [] : matches.slice(keptFrom)
}

function findIn(lines: readonly LogLine[], fromIndex: number, query: string, matchCase: boolean, atMost: number): LogMatch[] {
  const wanted = matchCase ? query : query.toLowerCase()
  const found: LogMatch[] = []
  for (let index = fromIndex; index < lines.length && found.length < atMost; index++) {
    const line = lines[index]
    if (!line) continue
    const text = matchCase ? line.text : lowerSameLength(line.text)
    for (let start = text.indexOf(wanted); start !== -1; start = text.indexOf(wanted, start + wanted.length)) {
      found.push({ number: line.number, start, end: start + wanted.length })
    }
  }
  return found.length > atMost ? found.slice(0, atMost) : found
}

/** In lower case with each character in its place: a few (İ) grow by it, and would shift the matches after them. */
function lowerSameLength(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from(text, (character) => (character.toLowerCase().length === character.length ? character.toLowerCase() : character)).join(
    '',
  )
}

/** Those of one line; found by halving, since every drawn row asks. */
export function matchesOfLine(matches: readonly LogMatch[], number: number): readonly LogMatch[] {
  let low = 0
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((matches[middle]?.number ?? 0) < number) low = middle + 1
    else high = middle
  }
  let end = low
  while (matches[end]?.number === number) end++
  return low === end ? [] : matches.slice(low, end)
}

/** Index of the match after (or before) `current`, around the ends; from `nearNumber`'s line on when there is no current one. */
export function stepMatch(matches: readonly LogMatch[], current: LogMatch | null, direction: 1 | -1, nearNumber: number): LogMatch | null {
  if (matches.length === 0) return null
  const at = current === null ? -1 : matches.indexOf(current)
  if (at === -1) {
    const near = matches.findIndex(({ number }) => number >= nearNumber)
    if (direction === 1) return matches[near === -1 ? 0 : near] ?? null
    return matches.at(near === -1 ? -1 : near - 1) ?? null
  }
  return matches.at((at + direction) % matches.length) ?? null
}
