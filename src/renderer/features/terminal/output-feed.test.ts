import { describe, expect, it } from 'vitest'
import { createOutputFeed } from './output-feed'

/** A screen that takes a piece when it is told to. */
function double() {
  const waiting: { piece: Uint8Array; done: () => void }[] = []
  const shown: number[] = []
  let acknowledged = 0
  const feed = createOutputFeed({
    write: (piece, done) => waiting.push({ piece, done }),
    acknowledge: (byteCount) => {
      acknowledged += byteCount
    },
  })
  const draw = (count = Number.POSITIVE_INFINITY) => {
    for (const { piece, done } of waiting.splice(0, count)) {
      shown.push(...piece)
      done()
    }
  }
  return { feed, draw, shown, waiting, acknowledged: () => acknowledged }
}

describe('the feed of a terminal', () => {
  it('acknowledges an echo as soon as it is on the screen', () => {
    const { feed, draw, acknowledged } = double()
    feed.write(Uint8Array.of(97))
    expect(acknowledged()).toBe(0)
    draw()
    expect(acknowledged()).toBe(1)
  })

  it('brings a flood in small pieces, in order, and acknowledges all of it in a few steps', () => {
    const { feed, draw, shown, waiting, acknowledged } = double()
    const flood = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
    let done = false
    feed.write(flood, () => {
      done = true
    })
    expect(Math.max(...waiting.map(({ piece }) => piece.length))).toBeLessThan(20_000)
    draw(5)
    expect(acknowledged()).toBeGreaterThan(0)
    expect(done).toBe(false)
    draw()
    expect(done).toBe(true)
    expect(acknowledged()).toBe(flood.length)
    expect(Buffer.compare(Buffer.from(shown), flood)).toBe(0)
  })

  it('goes on drawing what is little while it is hidden', () => {
    const { feed, draw, shown } = double()
    feed.setHidden(true)
    feed.write(new Uint8Array(1000))
    draw()
    expect(shown).toHaveLength(1000)
    expect(feed.isStale()).toBe(false)
  })

  it('lets a flood pass while it is hidden, keeps nothing of it, and says that the screen is out of date', () => {
    const { feed, draw, shown, waiting, acknowledged } = double()
    feed.setHidden(true)
    for (let number = 0; number < 100; number++) feed.write(new Uint8Array(100_000))
    expect(waiting.reduce((sum, { piece }) => sum + piece.length, 0)).toBeLessThan(300_000)
    expect(feed.isStale()).toBe(true)
    draw()
    expect(acknowledged()).toBe(10_000_000)
    const before = shown.length
    feed.setHidden(false)
    feed.startAnew()
    feed.write(Uint8Array.of(1, 2, 3))
    draw()
    expect(shown.length).toBe(before + 3)
  })
})
