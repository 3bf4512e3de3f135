import { describe, expect, it } from 'vitest'
import { createLogBuffer } from './log-buffer'

const batch = (count: number, missed = 0) => ({
  entries: Array.from({ length: count }, (_, index) => ({ time: null, stream: 'stdout' as const, text: `line ${index}` })),
  missed,
})

function drawnBuffer(maxLines?: number) {
  const due: (() => void)[] = []
  const buffer = createLogBuffer({ schedule: (callback) => void due.push(callback), ...(maxLines ? { maxLines } : {}) })
  const draw = () => {
    for (const callback of due.splice(0)) callback()
  }
  return { buffer, draw, dueCount: () => due.length }
}

describe('a log buffer', () => {
  it('tells its listeners once a frame, however many batches came', () => {
    const { buffer, draw, dueCount } = drawnBuffer()
    let told = 0
    buffer.subscribe(() => told++)
    buffer.append(batch(10))
    buffer.append(batch(10))
    expect(buffer.view().count).toBe(0)
    expect(dueCount()).toBe(1)
    draw()
    expect(told).toBe(1)
    expect(buffer.view()).toEqual({ count: 20, firstNumber: 0, dropped: 0, missed: 0, cleared: false, longest: 6 })
  })

  it('drops the oldest lines past its bound, and counts them', () => {
    const { buffer, draw } = drawnBuffer(100)
    buffer.append(batch(98))
    buffer.append(batch(10))
    draw()
    const view = buffer.view()
    expect(view.count).toBeLessThanOrEqual(100)
    expect(view.dropped).toBe(view.firstNumber)
    expect(view.count + view.dropped).toBe(108)
    expect(buffer.line(0)?.number).toBe(view.firstNumber)
    expect(buffer.line(view.count - 1)?.number).toBe(107)
  })

  it('stays bounded when one batch alone is too much', () => {
    const { buffer, draw } = drawnBuffer(100)
    buffer.append(batch(1_000))
    draw()
    expect(buffer.view().count).toBeLessThanOrEqual(100)
    expect(buffer.line(buffer.view().count - 1)?.number).toBe(999)
  })

  it('gives no line for a row whose line was dropped since it was drawn', () => {
    const { buffer, draw } = drawnBuffer(100)
    buffer.append(batch(100))
    draw()
    buffer.append(batch(50))
    expect(buffer.line(0)).toBeUndefined()
    expect(buffer.line(99)?.number).toBe(99)
  })

  it('keeps what the reader missed, and forgets all when cleared', () => {
    const { buffer, draw } = drawnBuffer()
    buffer.append(batch(2, 7))
    draw()
    expect(buffer.view().missed).toBe(7)
    buffer.clear()
    buffer.append(batch(1))
    draw()
    expect(buffer.view()).toEqual({ count: 1, firstNumber: 2, dropped: 0, missed: 0, cleared: true, longest: 6 })
  })

  it('cuts a line of unreasonable length', () => {
    const { buffer } = drawnBuffer()
    buffer.append({ entries: [{ time: null, stream: 'stdout', text: 'x'.repeat(1_000_000) }], missed: 0 })
    expect(buffer.lines()[0]?.raw.length).toBe(20_001)
  })
})
