import { describe, expect, it, vi } from 'vitest'
import { STREAM_WINDOW_BYTES } from '../../../shared/stream-frames'
import { createOutputFeed } from './output-feed'

/** A screen that draws a piece when it is told to, at so many bytes a millisecond. */
function double(bytesPerMs = 4000, now?: () => number) {
  const waiting: { piece: Uint8Array; done: () => void }[] = []
  const shown: Uint8Array[] = []
  let acknowledged = 0
  let time = 1
  const feed = createOutputFeed({
    write: (piece, done) => waiting.push({ piece, done }),
    acknowledge: (byteCount) => {
      acknowledged += byteCount
    },
    now: now ?? (() => time),
  })
  const draw = (count = Number.POSITIVE_INFINITY) => {
    for (let number = 0; number < count; number++) {
      const next = waiting.shift()
      if (next === undefined) return
      time += next.piece.length / bytesPerMs
      shown.push(next.piece)
      next.done()
    }
  }
  return { feed, draw, shown: () => Buffer.concat(shown), waiting, acknowledged: () => acknowledged }
}

describe('the feed of a terminal', () => {
  it('brings a flood in small pieces and in order', () => {
    const { feed, draw, shown, waiting } = double()
    const flood = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
    let done = false
    feed.write(flood, () => {
      done = true
    })
    expect(Math.max(...waiting.map(({ piece }) => piece.length))).toBeLessThan(20_000)
    draw(5)
    expect(done).toBe(false)
    draw()
    expect(done).toBe(true)
    expect(Buffer.compare(shown(), flood)).toBe(0)
  })

  it.each([
    ['fast', 50_000, STREAM_WINDOW_BYTES],
    ['slow', 500, 70_000],
  ])('lets as much be under way as a %s page draws in a moment, and never keeps the program waiting for good', (_, bytesPerMs, most) => {
    const { feed, draw, acknowledged } = double(bytesPerMs)
    let sent = 0
    const fill = () => {
      while (sent - acknowledged() <= STREAM_WINDOW_BYTES) {
        feed.write(new Uint8Array(16_384))
        sent += 16_384
      }
    }
    for (let turn = 0; turn < 40; turn++) {
      fill()
      draw()
    }
    const drawnByThen = sent
    fill()
    expect(sent - drawnByThen).toBeGreaterThan(0)
    expect(sent - drawnByThen).toBeLessThanOrEqual(most + 2 * 16_384)
  })

  it('shares the time between terminals that flood at once', () => {
    const one = double()
    const other = double()
    one.feed.write(new Uint8Array(200_000))
    one.draw(2)
    other.feed.write(new Uint8Array(200_000))
    expect(other.waiting.reduce((sum, { piece }) => sum + piece.length, 0)).toBeLessThan(50_000)
    one.draw()
    other.draw()
    expect(other.shown()).toHaveLength(200_000)
    one.feed.dispose()
    other.feed.dispose()
  })

  it('gives on at once what comes after a silence and what is little, and a flood in bursts worth a frame', () => {
    vi.useFakeTimers()
    const { feed, draw, shown, waiting } = double(50_000, () => performance.now())
    const given = () => waiting.length > 0
    for (const _ of [1, 2, 3]) {
      feed.write(new Uint8Array(100))
      expect(given()).toBe(true)
      draw()
      vi.advanceTimersByTime(5)
    }
    feed.write(new Uint8Array(60_000))
    expect(given()).toBe(true)
    draw()
    feed.write(new Uint8Array(20_000))
    expect(given()).toBe(false)
    vi.advanceTimersByTime(40)
    expect(given()).toBe(true)
    draw()
    feed.write(new Uint8Array(200_000))
    expect(given()).toBe(true)
    draw()
    expect(shown()).toHaveLength(300 + 60_000 + 20_000 + 200_000)
    feed.dispose()
    vi.useRealTimers()
  })

  it('goes on drawing what is little while it is hidden', () => {
    const { feed, draw, shown } = double()
    feed.setVisibility('hidden')
    feed.write(new Uint8Array(1000))
    draw()
    expect(shown()).toHaveLength(1000)
    expect(feed.isStale()).toBe(false)
  })

  it('lets a flood pass while the page is hidden, keeps nothing of it, and says that the screen is out of date', () => {
    const { feed, draw, shown, waiting, acknowledged } = double()
    feed.setVisibility('hidden')
    for (let number = 0; number < 100; number++) feed.write(new Uint8Array(100_000))
    expect(waiting.reduce((sum, { piece }) => sum + piece.length, 0)).toBeLessThan(300_000)
    expect(feed.isStale()).toBe(true)
    draw()
    expect(acknowledged()).toBeGreaterThan(9_000_000)
    const before = shown().length
    feed.setVisibility('seen')
    feed.startAnew()
    feed.write(Uint8Array.of(1, 2, 3))
    draw()
    expect(shown().length).toBe(before + 3)
  })

  it('lets a flood behind another tab pass at a pace', () => {
    vi.useFakeTimers()
    const { feed, acknowledged } = double(4000, () => performance.now())
    feed.setVisibility('covered')
    feed.write(new Uint8Array(500_000))
    expect(acknowledged()).toBe(0)
    vi.advanceTimersByTime(100)
    expect(acknowledged()).toBeGreaterThan(50_000)
    expect(acknowledged()).toBeLessThan(200_000)
    vi.advanceTimersByTime(500)
    expect(acknowledged()).toBe(500_000)
    feed.write(new Uint8Array(500_000))
    feed.setVisibility('seen')
    expect(acknowledged()).toBe(1_000_000)
    vi.useRealTimers()
  })
})
