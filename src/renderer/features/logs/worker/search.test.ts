import { describe, expect, it } from 'vitest'
import { plainLine } from '../ansi-line'
import { lineText } from './log-chunk'
import { createLogStore } from './log-store'
import { plainBytes } from './plain-bytes'
import { compileQuery, type LogQuery, searchChunk } from './search-chunk'
import { createSearchState } from './search-state'
import type { Searcher } from './searcher'
import { entries, entry, lines } from './testing/entries'

const text = (content: string) => ({ text: new TextEncoder().encode(content), hasControls: true })
const query = (words: string, more: Partial<LogQuery> = {}): LogQuery => ({ text: words, matchCase: false, isPattern: false, ...more })
const find = (content: string, wanted: LogQuery) => {
  const { lines: found, counts } = searchChunk(text(content), wanted, compileQuery(wanted))
  return [...found].map((line, at) => [line, counts[at]])
}

describe('a search in a chunk', () => {
  it('counts matches line by line, in any case unless told otherwise', () => {
    const content = 'One one\nnone\n\nONE\n'
    expect(find(content, query('one'))).toEqual([
      [0, 2],
      [1, 1],
      [3, 1],
    ])
    expect(find(content, query('one', { matchCase: true }))).toEqual([
      [0, 1],
      [1, 1],
    ])
    expect(find(content, query('(?:^|n)one$', { isPattern: true }))).toEqual([
      [1, 1],
      [3, 1],
    ])
  })

  it('takes words as they are, and patterns as patterns', () => {
    expect(find('a.b\naxb\n', query('a.b'))).toEqual([[0, 1]])
    expect(find('a.b\naxb\n', query('a.b', { isPattern: true }))).toEqual([
      [0, 1],
      [1, 1],
    ])
    expect(() => compileQuery(query('(', { isPattern: true }))).toThrow(SyntaxError)
  })

  it('never goes over the end of a line, and does not count empty matches', () => {
    expect(find('ab\ncd\n', query('b\\s*c', { isPattern: true }))).toEqual([])
    expect(find('ab\n\n', query('x*', { isPattern: true }))).toEqual([])
  })

  it('sees what a person sees', () => {
    expect(find('\x1b[31mre\x1b[1md\x1b[0m\n10%\r20%\n', query('red'))).toEqual([[0, 1]])
    expect(find('10%\r20%\n', query('10'))).toEqual([])
  })
})

it.each([
  '\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\x1b[2Kb\x1b(B\x08c\x1b[?25l',
  '10 %\r50 %\r100 %\r',
  'tab\there é \u0085 漢字 😀',
  'ends in an escape\x1b',
  '\x1b[38;5;196mA\x1b[48;5;236mB',
  '',
])('bytes without escape sequences are as the line is shown (%j)', (raw) => {
  expect(new TextDecoder().decode(plainBytes(new TextEncoder().encode(`${raw}\nnext\n`)))).toBe(`${plainLine(raw)}\nnext\n`)
})

describe('a search that follows a log', () => {
  function search(options: { slow?: boolean } = {}) {
    const store = createLogStore()
    let told = 0
    const makeSearcher = (): Searcher => {
      let current = query('')
      return {
        setQuery: (next) => {
          current = next
        },
        search: async (content) => (options.slow ? null : searchChunk(content, current, compileQuery(current))),
        end: () => {},
      }
    }
    const state = createSearchState({ makeSearcher, onProgress: () => told++ })
    const settled = async () => {
      state.update(store.chunks())
      for (let turn = 0; turn < 50 && state.status() === 'running'; turn++) await Promise.resolve()
    }
    return { store, state, settled, told: () => told }
  }

  it('finds all, steps from match to match around the ends, and knows its place', async () => {
    const { store, state, settled } = search()
    store.appendLive(entries(entry('a a'), entry('b'), entry('a')))
    state.start(query('a'))
    await settled()
    expect([state.status(), state.total(null)]).toEqual(['done', 3])
    const first = state.step(1, 1, null)
    expect(first).toEqual({ number: 2, nth: 0 })
    const next = first && state.step(first, 1, null)
    expect(next).toEqual({ number: 0, nth: 0 })
    expect(next && state.step(next, 1, null)).toEqual({ number: 0, nth: 1 })
    expect(next && state.step(next, -1, null)).toEqual({ number: 2, nth: 0 })
    expect([0, 1].map((nth) => state.position({ number: 0, nth }, null))).toEqual([1, 2])
    expect(state.position({ number: 2, nth: 0 }, null)).toBe(3)
    expect(state.position({ number: 1, nth: 0 }, null)).toBeNull()
  })

  it('goes on with lines that come, live or from before', async () => {
    const { store, state, settled } = search()
    store.appendLive(lines(1, 10))
    state.start(query('line 1'))
    await settled()
    expect(state.total(null)).toBe(2)
    store.appendLive(lines(11, 12))
    await settled()
    expect(state.total(null)).toBe(4)
    store.appendHistory(lines(100, 101))
    store.endHistory(true)
    await settled()
    expect(state.total(null)).toBe(6)
    expect(state.step(Number.MIN_SAFE_INTEGER, 1, null)).toEqual({ number: -2, nth: 0 })
  })

  it('counts only what is visible', async () => {
    const { store, state, settled } = search()
    store.appendLive(lines(1, 10))
    state.start(query('line'))
    await settled()
    const isEven = (_chunk: unknown, line: number) => line % 2 === 0
    expect(state.total(isEven)).toBe(5)
    expect(state.step({ number: 0, nth: 0 }, 1, isEven)).toEqual({ number: 2, nth: 0 })
  })

  it('says when a pattern is none, or takes too long', async () => {
    const { store, state, settled } = search({ slow: true })
    state.start(query('(', { isPattern: true }))
    expect(state.status()).toBe('invalid')
    store.appendLive(lines(1, 2))
    state.start(query('(a+)+$', { isPattern: true }))
    await settled()
    expect(state.status()).toBe('too-slow')
  })

  it('gives the places of the matches in a line', async () => {
    const { store, state, settled } = search()
    store.appendLive(entry('\x1b[31mab\x1b[0mab'))
    state.start(query('b'))
    await settled()
    const [chunk] = store.chunks()
    if (!chunk) throw new Error('There is no chunk.')
    expect(state.matchesIn(chunk, 0, plainLine(lineText(chunk, 0)))).toEqual([
      { start: 1, end: 2 },
      { start: 3, end: 4 },
    ])
  })
})
