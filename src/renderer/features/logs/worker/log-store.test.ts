import { describe, expect, it } from 'vitest'
import { GAP_FLAG, levelOf, STDERR_FLAG } from './line-flags'
import { lineText } from './log-chunk'
import { createLogStore, type LogStore } from './log-store'
import { entries, entry, lines } from './testing/entries'

const textsOf = (store: LogStore) =>
  store.chunks().flatMap((chunk) => Array.from({ length: chunk.count }, (_, line) => lineText(chunk, line)))
const numbersOf = (store: LogStore) =>
  store.chunks().flatMap((chunk) => Array.from({ length: chunk.count }, (_, line) => chunk.firstNumber + line))

describe('the lines of a log', () => {
  it('keep text, time, stream and level', () => {
    const store = createLogStore()
    const time = '2026-03-04T05:06:07.123456789+01:00'
    store.appendLive(entries(entry('plain é', { time }), entry('\x1b[31mERROR\x1b[0m no', { stream: 2 }), entry('none', { time: '' })))
    const [chunk] = store.chunks()
    expect(textsOf(store)).toEqual(['plain é', '\x1b[31mERROR\x1b[0m no', 'none'])
    expect(chunk?.times[0]).toBeCloseTo(Date.parse('2026-03-04T04:06:07.123Z') + 0.456789, 3)
    expect(chunk?.times[2]).toBeNaN()
    expect((chunk?.flags[1] ?? 0) & STDERR_FLAG).toBe(STDERR_FLAG)
    expect(levelOf(chunk?.flags[1] ?? 0)).toBe('error')
    expect(chunk?.hasControls).toBe(true)
  })

  it('are one again where the engine cut them', () => {
    const store = createLogStore()
    store.appendLive(entries(entry('one ', { end: '' }), entry('other', { stream: 2 }), entry('and the same\r'), entry('')))
    expect(textsOf(store)).toEqual(['other', 'one and the same', ''])
  })

  it('are cut at an unreasonable length', () => {
    const store = createLogStore()
    store.appendLive(entry('x'.repeat(100_000)))
    expect(textsOf(store)[0]).toBe(`${'x'.repeat(20_000)}…`)
  })

  it('fill many chunks, each line whole and in its order', () => {
    const store = createLogStore()
    for (let from = 0; from < 60_000; from += 1000) store.appendLive(lines(from, from + 999, 'a line of some length'))
    expect(store.chunks().length).toBeGreaterThan(2)
    expect(textsOf(store)).toEqual(Array.from({ length: 60_000 }, (_, number) => `a line of some length ${number}`))
    expect(numbersOf(store)).toEqual(Array.from({ length: 60_000 }, (_, number) => number))
  })
})

describe('a history', () => {
  it('comes before the live lines, whose numbers stay', () => {
    const store = createLogStore()
    store.appendLive(lines(4, 5))
    store.appendHistory(lines(1, 2))
    store.appendLive(lines(6, 6))
    store.appendHistory(lines(3, 3))
    expect(store.state()).toMatchObject({ count: 3, historyCount: 3 })
    store.endHistory(true)
    store.appendLive(lines(7, 7))
    expect(textsOf(store)).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `line ${number}`))
    expect(numbersOf(store)).toEqual([-3, -2, -1, 0, 1, 2, 3])
  })

  it('is marked where it does not reach the live lines', () => {
    const store = createLogStore()
    store.appendLive(lines(9, 9))
    store.appendHistory(lines(1, 1))
    store.endHistory(false)
    expect(textsOf(store)).toEqual(['line 1', expect.stringContaining('missing'), 'line 9'])
    expect(store.chunks()[0]?.flags[1]).toBe(GAP_FLAG)
  })

  it('is left out once the view was cleared', () => {
    const store = createLogStore()
    store.appendLive(lines(5, 5))
    store.appendHistory(lines(1, 2))
    store.clear()
    store.appendHistory(lines(3, 4))
    store.endHistory(true)
    store.appendLive(lines(6, 6))
    expect(textsOf(store)).toEqual(['line 6'])
    expect(store.state()).toMatchObject({ count: 1, cleared: true, dropped: 0, historyCount: null })
  })
})

describe('too many lines', () => {
  it('go, oldest first, and are counted', () => {
    const store = createLogStore({ mostLines: 30_000 })
    for (let from = 0; from < 100_000; from += 1000) store.appendLive(lines(from, from + 999, 'a line of some length'))
    const { count, dropped } = store.state()
    expect(count).toBeLessThanOrEqual(30_000 + 20_000)
    expect(count + dropped).toBe(100_000)
    expect(numbersOf(store)[0]).toBe(dropped)
    expect(textsOf(store).at(-1)).toBe('a line of some length 99999')
  })

  it('go from the history before any live one', () => {
    const store = createLogStore({ mostLines: 10 })
    store.appendLive(lines(1, 5))
    store.appendHistory(lines(1, 20))
    store.endHistory(true)
    expect(textsOf(store)).toEqual([1, 2, 3, 4, 5].map((number) => `line ${number}`))
  })
})
