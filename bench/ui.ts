import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import { browserOptions } from '../e2e/browser-options'
import { median, quantile, table } from './support/measure'
import { servePageOfRecords } from './support/page-of-records'

/** The page alone, with many workspaces that are only records: how soon it is there, how it scrolls, how fast it changes screens. */
const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } } })
const rounds = Number(values.rounds ?? (values.quick ? 1 : 5))
const COUNTS = [200, 500]
const TABS = ['Logs', 'Snapshots', 'Overview']

interface Round {
  firstPaint: number
  listed: number
  frames: number[]
  switches: number[]
}

async function oneRound(browser: Browser, link: string): Promise<Round> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(link)
  await page.getByRole('link', { name: /^workspace-000,/ }).waitFor()
  const { firstPaint, listed } = await page.evaluate(() => ({
    firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    listed: performance.now(),
  }))
  const frames = await scrollList(page)
  const switches: number[] = []
  await page
    .getByRole('link', { name: /^workspace-\d+,/ })
    .first()
    .click()
  for (const name of TABS) switches.push(await switchTo(page, name))
  await context.close()
  return { firstPaint, listed, frames, switches }
}

/** The times of the frames while the list runs from its beginning to its end and back. */
function scrollList(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const list = [...document.querySelectorAll('aside *')].find((element) => element.scrollHeight > element.clientHeight + 1000)
    if (list === undefined) throw new Error('The list of workspaces does not scroll.')
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
    const end = list.scrollHeight - list.clientHeight
    const steps = 120
    const times: number[] = []
    let last = await nextFrame()
    for (let step = 0; step <= steps; step++) {
      list.scrollTop = end * (1 - Math.abs(1 - (2 * step) / steps))
      const now = await nextFrame()
      times.push(now - last)
      last = now
    }
    return times
  })
}

/** From the click to the frame after the other screen is there. */
function switchTo(page: Page, name: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const tab = [...document.querySelectorAll<HTMLElement>('[role=tab]')].find(({ textContent }) => textContent === wanted)
    if (tab === undefined) throw new Error(`There is no tab ${wanted}.`)
    const begin = performance.now()
    // The tabs listen to the button going down.
    tab.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
    while (tab.getAttribute('aria-selected') !== 'true') await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => requestAnimationFrame(resolve))
    return performance.now() - begin
  }, name)
}

const browser = await chromium.launch(browserOptions)
const rows: string[][] = []
try {
  for (const count of COUNTS) {
    const { link, close } = await servePageOfRecords(count)
    try {
      const done: Round[] = []
      for (let round = 0; round < rounds; round++) done.push(await oneRound(browser, link))
      const frames = done.flatMap((round) => round.frames)
      const milliseconds = (value: number) => `${value.toFixed(0)} ms`
      rows.push([
        String(count),
        milliseconds(median(done.map(({ firstPaint }) => firstPaint))),
        milliseconds(median(done.map(({ listed }) => listed))),
        `${milliseconds(median(frames))} / ${milliseconds(quantile(frames, 0.95))} / ${milliseconds(Math.max(...frames))}`,
        milliseconds(median(done.flatMap(({ switches }) => switches))),
      ])
    } finally {
      await close()
    }
  }
} finally {
  await browser.close()
}
console.log(
  `The built page in Chromium ${browser.version()}, headless, with workspaces that are only records. Medians of ${rounds}, each in a fresh profile.`,
)
console.log('Listed: the rows are there. Scrolling: from the beginning of the list to its end and back in 120 frames.\n')
console.log(table(['workspaces', 'first paint', 'listed', 'frames while scrolling: median / p95 / longest', 'switch of tabs'], rows))
