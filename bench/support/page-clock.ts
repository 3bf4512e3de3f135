import type { BarePage } from './bare-browser'
import { quantile } from './measure'

interface Clock {
  /** When a bell got onto the screen, and when the frame after it was drawn. */
  bells: { parsed: number; drawn: number }[]
  onBell: () => void
  keys: number[]
  frames: number[] | null
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
  /**
   * Times between frames while `act` runs. Asking for each frame keeps the page drawing, and has browsers put off what answers a key
   * until after the next frame: never at the same time as something else is measured.
   */
  framesDuring(act: () => Promise<unknown>): Promise<{ p95: number; max: number }>
}

/** Starts the clock; `watchBells` then makes the page call `benchRang` at each bell. */
export async function startClock(page: BarePage): Promise<PageClock> {
  await page.evaluate(() => {
    const clock: Clock = { bells: [], onBell: () => {}, keys: [], frames: null }
    window.benchClock = clock
    window.addEventListener('keydown', () => clock.keys.push(performance.now()), { capture: true })
  })

  /** Waited for within the page: whoever asked again and again from outside would take time from what is measured. */
  function bells(count: number, timeout: number): Promise<Clock['bells']> {
    return page.evaluate(
      ([wanted, longest]) =>
        new Promise<Clock['bells']>((resolve, reject) => {
          const { benchClock: clock } = window
          const timer = setTimeout(() => reject(new Error(`Only ${clock.bells.length} of ${wanted} bells rang.`)), longest)
          clock.onBell = () => {
            if (clock.bells.length < wanted) return
            clearTimeout(timer)
            resolve(clock.bells)
          }
          clock.onBell()
        }),
      [count, timeout] as const,
    )
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
      await page.until(() => (window.benchClock.bells[0]?.drawn ?? 0) > 0, null)
      const { key, drawn } = await page.evaluate(() => ({
        // The last of a combination.
        key: window.benchClock.keys.at(-1) ?? Number.NaN,
        drawn: window.benchClock.bells[0]?.drawn ?? Number.NaN,
      }))
      return { parsed: (bell?.parsed ?? Number.NaN) - key, drawn: drawn - key }
    },
    async framesDuring(act) {
      await page.evaluate(() => {
        const frames: number[] = []
        window.benchClock.frames = frames
        let last = performance.now()
        const onFrame = (now: number) => {
          frames.push(now - last)
          last = now
          if (window.benchClock.frames === frames) requestAnimationFrame(onFrame)
        }
        requestAnimationFrame(onFrame)
      })
      await act()
      const frames = await page.evaluate(() => {
        const seen = window.benchClock.frames ?? []
        window.benchClock.frames = null
        return seen
      })
      return { p95: quantile(frames, 0.95), max: Math.max(...frames) }
    },
  }
}

const LONGEST_RUN_MS = 1_800_000
const LONGEST_ANSWER_MS = 60_000

/** Berth flashes at a bell. */
export async function watchBerthBells(page: BarePage): Promise<void> {
  await page.evaluate(() => {
    for (const host of document.querySelectorAll('[data-session] > .terminal-host')) {
      let isFlashing = false
      new MutationObserver(() => {
        const flashes = host.classList.contains('terminal-bell')
        if (flashes && !isFlashing) {
          const bell = { parsed: performance.now(), drawn: 0 }
          window.benchClock.bells.push(bell)
          window.benchClock.onBell()
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

export async function watchWettyBells(page: BarePage, size: { cols: number; rows: number }): Promise<void> {
  await page.evaluate(({ cols, rows }) => {
    const { wetty_term: terminal } = window as unknown as WettyWindow
    terminal.resize(cols, rows)
    terminal.onBell(() => {
      const bell = { parsed: performance.now(), drawn: 0 }
      window.benchClock.bells.push(bell)
      window.benchClock.onBell()
      requestAnimationFrame(() => {
        bell.drawn = performance.now()
      })
    })
  }, size)
}
