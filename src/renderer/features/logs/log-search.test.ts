import { describe, expect, it } from 'vitest'
import type { LogLine } from './log-buffer'
import { matchesOfLine, noSearch, searchLog, stepMatch } from './log-search'

const lines = (...texts: string[]): LogLine[] => texts.map((text, number) => ({ number, time: null, stream: 'stdout', raw: text, text }))

describe('searching a log', () => {
  it('finds every occurrence, in any case unless asked', () => {
    const log = lines('Error error', 'fine', 'an ERROR')
    expect(searchLog(noSearch, 'error', false, log).matches).toEqual([
      { number: 0, start: 0, end: 5 },
      { number: 0, start: 6, end: 11 },
      { number: 2, start: 3, end: 8 },
    ])
    expect(searchLog(noSearch, 'error', true, log).matches).toEqual([{ number: 0, start: 6, end: 11 }])
  })

  it('finds the right place after a letter that grows in lower case', () => {
    expect(searchLog(noSearch, 'x', false, lines('İİx')).matches).toEqual([{ number: 0, start: 2, end: 3 }])
  })

  it('looks at new lines only, and keeps the matches it has', () => {
    const first = searchLog(noSearch, 'a', false, lines('a', 'b'))
    const tampered = lines('nothing', 'b', 'a')
    const second = searchLog(first, 'a', false, tampered)
    expect(second.matches.map(({ number }) => number)).toEqual([0, 2])
    expect(second.matches[0]).toBe(first.matches[0])
    expect(searchLog(second, 'a', false, tampered)).toBe(second)
  })

  it('forgets matches in lines that were dropped', () => {
    const all = lines('a', 'a', 'a')
    const search = searchLog(noSearch, 'a', false, all)
    expect(searchLog(search, 'a', false, all.slice(2)).matches.map(({ number }) => number)).toEqual([2])
  })

  it('starts over when the log does', () => {
    const search = searchLog(noSearch, 'a', false, lines('a', 'a', 'a'))
    expect(searchLog(search, 'a', false, lines('b', 'a')).matches.map(({ number }) => number)).toEqual([1])
  })

  it('has no matches without a query', () => {
    expect(searchLog(noSearch, '', false, lines('a')).matches).toEqual([])
  })

  it('gives the matches of one line', () => {
    const { matches } = searchLog(noSearch, 'a', false, lines('a', 'aa', 'b', 'a'))
    expect(matchesOfLine(matches, 1).map(({ start }) => start)).toEqual([0, 1])
    expect(matchesOfLine(matches, 2)).toEqual([])
    expect(matchesOfLine(matches, 9)).toEqual([])
  })

  it('steps around the ends, and starts near what is on the screen', () => {
    const { matches } = searchLog(noSearch, 'a', false, lines('a', 'b', 'a', 'a'))
    const numberOf = (current: number | null, direction: 1 | -1, near = 0) =>
      stepMatch(matches, current === null ? null : (matches[current] ?? null), direction, near)?.number
    expect(numberOf(0, 1)).toBe(2)
    expect(numberOf(2, 1)).toBe(0)
    expect(numberOf(0, -1)).toBe(3)
    expect(numberOf(null, 1, 1)).toBe(2)
    expect(numberOf(null, -1, 1)).toBe(0)
    expect(stepMatch([], null, 1, 0)).toBeNull()
  })
})
