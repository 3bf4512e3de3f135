import headless from '@xterm/headless'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { STREAM_WINDOW_BYTES } from '../../../../shared/stream-frames'
import { trackScrollRegion } from '../../../../shared/terminal-output/scroll-region'
import { cut, dump, flood, random } from '../../../../shared/testing/random-flood'
import { createOutputFeed } from './output-feed'
import { createPictureTicker } from './picture-ticker'

/** A screen that draws a piece when it is told to, at so many bytes a millisecond. */
function double(bytesPerMs = 4000, now?: () => number) {
  const waiting: { piece: Uint8Array; done: () => void }[] = []
  const shown: Uint8Array[] = []
  let acknowledged = 0
  let time = 1
  let isTypingElsewhere = false
  const feed = createOutputFeed({
    write: (piece, done) => waiting.push({ piece, done }),
    acknowledge: (byteCount) => {
      acknowledged += byteCount
    },
    scrollback: () => 5000,
    rows: () => 40,
    givesWay: () => isTypingElsewhere,
    pictures: createPictureTicker({ now: now ?? (() => time), measureNextFrame: () => {} }),
    scrolls: () => true,
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
  return {
    feed,
    draw,
    shown: () => Buffer.concat(shown),
    waiting,
    acknowledged: () => acknowledged,
    typeElsewhere(isTyping: boolean) {
      isTypingElsewhere = isTyping
    },
  }
}

describe('the feed of a terminal', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

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
  })

  it('goes on drawing what is little while it is hidden', () => {
    const { feed, draw, shown } = double()
    feed.setSeen(false)
    feed.write(new Uint8Array(1000))
    draw()
    expect(shown()).toHaveLength(1000)
    expect(feed.isStale()).toBe(false)
  })

  it('lets a flood pass while the page is hidden, keeps nothing of it, and says that the screen is out of date', () => {
    const { feed, draw, shown, waiting, acknowledged } = double()
    feed.setSeen(false)
    for (let number = 0; number < 100; number++) feed.write(new Uint8Array(100_000))
    expect(waiting.reduce((sum, { piece }) => sum + piece.length, 0)).toBeLessThan(300_000)
    expect(feed.isStale()).toBe(true)
    draw()
    expect(acknowledged()).toBeGreaterThan(9_000_000)
    const before = shown().length
    feed.setSeen(true)
    feed.startAnew()
    feed.write(Uint8Array.of(1, 2, 3))
    draw()
    expect(shown().length).toBe(before + 3)
  })

  it('lets a flood behind another tab pass at a pace while somebody types', () => {
    vi.useFakeTimers()
    const { feed, acknowledged, typeElsewhere } = double(4000, () => performance.now())
    feed.setSeen(false)
    typeElsewhere(true)
    feed.write(new Uint8Array(500_000))
    expect(acknowledged()).toBe(0)
    vi.advanceTimersByTime(100)
    expect(acknowledged()).toBeGreaterThan(50_000)
    expect(acknowledged()).toBeLessThan(200_000)
    vi.advanceTimersByTime(500)
    expect(acknowledged()).toBe(500_000)
    feed.write(new Uint8Array(500_000))
    typeElsewhere(false)
    vi.advanceTimersByTime(20)
    expect(acknowledged()).toBe(1_000_000)
  })

  it('slows a flood in sight down while somebody types elsewhere, and draws pictures of it at the pace of all', () => {
    vi.useFakeTimers()
    const { feed, acknowledged, typeElsewhere, draw, shown } = double(4000, () => performance.now())
    const lines = Buffer.from('a line of a flood of lines\r\n'.repeat(1000))
    const passed = (milliseconds: number) => {
      let sent = 0
      for (let time = 0; time < milliseconds; time++) {
        // As the core does: no more than the window.
        while (total - acknowledged() < STREAM_WINDOW_BYTES) {
          feed.write(lines)
          total += lines.length
          sent += lines.length
          if (sent > 100_000 * (time + 1)) break
        }
        vi.advanceTimersByTime(1)
        draw()
      }
      return sent
    }
    let total = 0
    passed(500)
    expect(passed(500)).toBeGreaterThan(20_000_000)
    typeElsewhere(true)
    passed(100)
    const shownBefore = shown().length
    const slow = passed(1000)
    expect(slow).toBeGreaterThan(500_000)
    expect(slow).toBeLessThan(1_500_000)
    expect(shown().length - shownBefore).toBeLessThan(slow)
    feed.dispose()
  })

  it('takes a flood of lines faster than it can be drawn, and draws little of it but the end', () => {
    vi.useFakeTimers()
    const { feed, draw, shown, acknowledged } = double(4000, () => performance.now())
    const lines = (from: number) =>
      Buffer.from(Array.from({ length: 1000 }, (_, index) => `${from + index} of a flood of lines\r\n`).join(''))
    let sent = 0
    let turn = 0
    for (; turn < 1000; turn++) {
      const piece = lines(turn * 1000)
      feed.write(piece)
      sent += piece.length
      draw(1)
      vi.advanceTimersByTime(1)
      expect(sent - acknowledged()).toBeLessThanOrEqual(STREAM_WINDOW_BYTES)
    }
    for (let rest = 0; rest < 300; rest++) {
      draw(20)
      vi.advanceTimersByTime(5)
    }
    expect(shown().length).toBeLessThan(sent / 10)
    expect(shown().subarray(-100_000)).toEqual(
      Buffer.concat(Array.from({ length: 10 }, (_, back) => lines((turn - 10 + back) * 1000))).subarray(-100_000),
    )
    feed.dispose()
  })

  it.each([
    ['plain lines and colours', 1, { lines: 20_000 }],
    ['lines that move up and down', 2, { lines: 20_000, moving: 0.1 }],
    ['what clears, scrolls a part, or changes the buffer', 3, { lines: 20_000, moving: 0.1, rare: 0.0005 }],
    ['many such', 4, { lines: 10_000, rare: 0.02 }],
  ])(
    'a flood of %s leaves the terminal as if all of it had been drawn',
    async (_, seed, options) => {
      const next = random(seed)
      const total = flood(next, options)
      const all = createTerminal()
      await new Promise<void>((resolve) => all.terminal.write(total, resolve))
      for (const most of [150_000, 20_000, 3000]) {
        const { terminal, region } = createTerminal()
        let acknowledged = 0
        const feed = createOutputFeed({
          write: (piece, done) => terminal.write(piece, done),
          acknowledge: (byteCount) => {
            acknowledged += byteCount
          },
          scrollback: () => SCROLLBACK,
          rows: () => terminal.rows,
          givesWay: () => false,
          pictures: createPictureTicker({ now: () => performance.now(), measureNextFrame: () => {} }),
          scrolls: region.scrollsScreen,
          now: () => performance.now(),
        })
        for (const [index, piece] of cut(total, next, most).entries()) {
          feed.write(piece)
          if (index % 3 === 0) await new Promise((resolve) => setTimeout(resolve, next() < 0.1 ? 40 : 0))
        }
        await vi.waitFor(() => expect(acknowledged).toBeGreaterThan(total.length - STREAM_WINDOW_BYTES))
        await vi.waitFor(() => expect(dump(terminal)).toEqual(dump(all.terminal)), { timeout: 5000, interval: 100 })
        feed.dispose()
        terminal.dispose()
      }
    },
    30_000,
  )
})

const SCROLLBACK = 300

function createTerminal() {
  const terminal = new headless.Terminal({ cols: 60, rows: 10, scrollback: SCROLLBACK, allowProposedApi: true })
  return { terminal, region: trackScrollRegion(terminal) }
}
