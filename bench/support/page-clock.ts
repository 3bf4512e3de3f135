import type { Page } from '@playwright/test'
import { quantile } from './measure'

interface Clock {
  /** When a bell got onto the screen, and when the frame after it was drawn. */
  bells: { parsed: number; drawn: number }[]
  keys: number[]
  frames: number[]
}

declare global {
  interface Window {
    benchClock: Clock
  }
}

/** Times in the page, all by its own clock. The bell is what a program rings when it has said all: its place in the output is exact. */
export interface PageClock {
  /** Milliseconds between the next two bells, from when it is called. */
  betweenTwoBells(start: () => Promise<void>): Promise<number>
  /** From a key's press to the bell that answers it. */
  keyToBell(press: () => Promise<void>): Promise<{ parsed: number; drawn: number }>
  /** Times between frames since the last call. */
  frames(): Promise<{ p95: number; max: number }>
}

/** Starts the clock; `watchBells` then makes the page call `benchRang` at each bell. */
export async function startClock(page: Page): Promise<PageClock> {
  await page.evaluate(() => {
    const clock: Clock = { bells: [], keys: [], frames: [] }
    window.benchClock = clock
    window.addEventListener('keydown', () => clock.keys.push(performance.now()), { capture: true })
    let last = performance.now()
    const onFrame = (now: number) => {
      clock.frames.push(now - last)
      last = now
      requestAnimationFrame(onFrame)
    }
    requestAnimationFrame(onFrame)
  })

  async function bells(count: number, timeout: number): Promise<Clock['bells']> {
    await page.waitForFunction((wanted) => window.benchClock.bells.length >= wanted, count, { timeout, polling: 20 })
    return page.evaluate(() => window.benchClock.bells)
  }

  return {
    async betweenTwoBells(start) {
      await page.evaluate(() => {
        window.benchClock.bells = []
      })
      await start()
      const [first, second] = await bells(2, LONGEST_RUN_MS)
      return (second?.parsed ?? Number.NaN) - (first?.parsed ?? Number.NaN)
    },
    async keyToBell(press) {
      await page.evaluate(() => {
        window.benchClock.bells = []
        window.benchClock.keys = []
      })
      await press()
      const [bell] = await bells(1, LONGEST_ANSWER_MS)
      await page.waitForFunction(() => (window.benchClock.bells[0]?.drawn ?? 0) > 0)
      const { key, drawn } = await page.evaluate(() => ({
        // The last of a combination.
        key: window.benchClock.keys.at(-1) ?? Number.NaN,
        drawn: window.benchClock.bells[0]?.drawn ?? Number.NaN,
      }))
      return { parsed: (bell?.parsed ?? Number.NaN) - key, drawn: drawn - key }
    },
    async frames() {
      const frames = await page.evaluate(() => window.benchClock.frames.splice(0))
      return { p95: quantile(frames, 0.95), max: Math.max(...frames) }
    },
  }
}

const LONGEST_RUN_MS = 1_800_000
const LONGEST_ANSWER_MS = 60_000

/** Berth flashes at a bell. */
export async function watchBerthBells(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const host of document.querySelectorAll('[data-session] > .terminal-host')) {
      let isFlashing = false
      new MutationObserver(() => {
        const flashes = host.classList.contains('terminal-bell')
        if (flashes && !isFlashing) {
          const bell = { parsed: performance.now(), drawn: 0 }
          window.benchClock.bells.push(bell)
          requestAnimationFrame(() => {
            bell.drawn = performance.now()
          })
        }
        isFlashing = flashes
      }).observe(host, { attributes: true, attributeFilter: ['class'] })
    }
  })
}

interface WettyWindow {
  wetty_term: { cols: number; rows: number; onBell(listener: () => void): void; resize(cols: number, rows: number): void }
}

export async function watchWettyBells(page: Page, size: { cols: number; rows: number }): Promise<void> {
  await page.evaluate(({ cols, rows }) => {
    const { wetty_term: terminal } = window as unknown as WettyWindow
    terminal.resize(cols, rows)
    terminal.onBell(() => {
      const bell = { parsed: performance.now(), drawn: 0 }
      window.benchClock.bells.push(bell)
      requestAnimationFrame(() => {
        bell.drawn = performance.now()
      })
    })
  }, size)
}
