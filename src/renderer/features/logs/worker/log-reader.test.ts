import { describe, expect, it } from 'vitest'
import { createLogReader } from './log-reader'
import { compileQuery, type LogQuery, searchChunk } from './search-chunk'
import type { Searcher } from './searcher'
import { entries, entry, lines } from './testing/entries'

function reader() {
  const makeSearcher = (): Searcher => {
    let current: LogQuery = { text: '', matchCase: false, isPattern: false }
    return {
      setQuery: (next) => {
        current = next
      },
      search: async (content) => searchChunk(content, current, compileQuery(current)),
      end: () => {},
    }
  }
  const log = createLogReader({ makeSearcher, onChange: () => {} })
  const view = () => log.view({ kind: 'following' })
  const texts = () => view().rows.map(({ raw }) => raw)
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  }
  return { log, view, texts, settle }
}

const words = (text: string): LogQuery => ({ text, matchCase: false, isPattern: false })

describe('what is drawn', () => {
  it('is the end of the log, or rows from a place on with some to spare', () => {
    const { log, view } = reader()
    log.store().appendLive(lines(0, 999))
    log.want({ kind: 'end', rows: 10 })
    expect(view()).toMatchObject({ count: 1000, from: 870 })
    expect(view().rows).toHaveLength(130)
    log.want({ kind: 'at', top: 500, rows: 10, generation: view().generation })
    expect(view()).toMatchObject({ from: 380 })
    expect(view().rows.at(-1)?.raw).toBe('line 629')
  })

  it('says where the row at the top went when rows came before it', () => {
    const { log, view } = reader()
    log.store().appendLive(lines(100, 999))
    const { generation } = view()
    log.want({ kind: 'at', top: 50, rows: 10, generation })
    view()
    log.store().appendHistory(lines(0, 99))
    log.store().endHistory(true)
    const moved = view()
    expect(moved.generation).toBeGreaterThan(generation)
    expect(moved.shift).toBe(100)
    expect(moved.rows[150 - moved.from]?.raw).toBe('line 150')
    // Asked for before the page knew: it no longer holds.
    log.want({ kind: 'at', top: 60, rows: 10, generation })
    expect(view()).toMatchObject({ shift: 0, from: 30 })
  })
})

describe('a filter', () => {
  it('leaves out lower levels, and keeps what belongs to a line', () => {
    const { log, view, texts } = reader()
    log.store().appendLive(entries(entry('INFO a'), entry('ERROR b'), entry('  at c'), entry('d')))
    log.filter('warn', false)
    expect(texts()).toEqual(['ERROR b', '  at c'])
    log.store().appendLive(entry('WARN e'))
    expect(texts()).toEqual(['ERROR b', '  at c', 'WARN e'])
    expect(view()).toMatchObject({ count: 3, total: 5 })
    log.filter('none', false)
    expect(texts()).toHaveLength(5)
  })

  it('leaves only lines that match', async () => {
    const { log, view, texts, settle } = reader()
    log.store().appendLive(lines(1, 20))
    log.filter('none', true)
    expect(texts()).toHaveLength(20)
    log.search(words('line 1'), 0)
    await settle()
    expect(texts()).toHaveLength(11)
    log.store().appendLive(lines(100, 101))
    view()
    await settle()
    expect(texts().at(-1)).toBe('line 101')
    expect(await log.text({ kind: 'text', id: 0, withTime: false, lines: { from: 0, to: 9 } }).text()).toBe('line 1\nline 10\n')
  })
})

describe('a search', () => {
  it('shows the first match from where one looks, then the next', async () => {
    const { log, view, settle } = reader()
    log.store().appendLive(lines(0, 99))
    log.search(words('line 7'), 20)
    await settle()
    const found = view()
    expect(found).toMatchObject({ reveal: 70, search: { status: 'done', total: 11, position: 2 } })
    expect(view().reveal).toBeNull()
    log.step(1, 0)
    expect(view()).toMatchObject({ reveal: 71, search: { position: 3 } })
  })
})

it('goes to a time', () => {
  const { log, view } = reader()
  const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`
  log.store().appendLive(entries(...Array.from({ length: 60 }, (_, second) => entry(`s${second}`, { time: at(second) }))))
  log.revealTime(Date.parse(at(30)))
  expect(view().reveal).toBe(30)
  log.revealTime(Date.parse('2027-01-01T00:00:00Z'))
  expect(view().reveal).toBe(59)
})
