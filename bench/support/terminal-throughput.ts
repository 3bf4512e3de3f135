import { setTimeout as sleep } from 'node:timers/promises'
import type { BareBrowser, BarePage } from './bare-browser'
import { type BenchWorkspace, INSIDE, memoryOf, processorSecondsOf } from './bench-workspace'
import { type BerthTerminalPage, floodLine } from './berth-terminal-page'
import { median, table } from './measure'
import { type PageClock, startClock, watchWettyBells } from './page-clock'
import { OUTPUT_KINDS, type OutputKind, outputBlock } from './terminal-output'
import { startWetty } from './wetty'
import { openXtermAlone } from './xterm-alone'

const MEGABYTE = 1024 * 1024
const FONT_SIZE = 13
const SCROLLBACK_LINES = 10_000

interface ThroughputOptions {
  workspace: BenchWorkspace
  terminal: BerthTerminalPage
  browser: BareBrowser
  megabytes: number
  rounds: number
}

/** Prints a table: megabytes a second of each kind of output, and what it left in memory. */
export async function measureThroughput({ workspace, terminal, browser, megabytes, rounds }: ThroughputOptions): Promise<void> {
  const { size, webgl, fontFamily } = terminal
  const alonePage = await browser.newPage()
  const alone = await openXtermAlone(alonePage, {
    ...size,
    webgl,
    fontFamily,
    fontSize: FONT_SIZE,
    scrollback: SCROLLBACK_LINES,
  })
  const wetty = await startWetty(workspace.containerId)
  const wettyPage = typeof wetty === 'string' ? null : await openWetty(browser, wetty.url, size)
  if (typeof wetty === 'string') console.log(`wetty is skipped: ${wetty}\n`)
  const rates: Record<OutputKind, { alone: number[]; berth: number[]; wetty: number[] }> = {
    text: { alone: [], berth: [], wetty: [] },
    ansi: { alone: [], berth: [], wetty: [] },
    wide: { alone: [], berth: [], wetty: [] },
  }
  const before = { core: await memoryOf(workspace.berth.pid), page: await terminal.page.heapBytes() }
  const used = { megabytes: 0, seconds: 0 }
  try {
    for (let round = 0; round < rounds; round++) {
      for (const kind of OUTPUT_KINDS) {
        // The block is a little more than a megabyte, and each gets the same number of them.
        const total = (megabytes * outputBlock(kind).length) / MEGABYTE
        const rate = (milliseconds: number) => total / (milliseconds / 1000)
        await alonePage.bringToFront()
        rates[kind].alone.push(rate(await alone.write(kind, megabytes)))
        await terminal.page.bringToFront()
        const usedBefore = await processorSecondsOf(workspace.berth.pid)
        rates[kind].berth.push(rate(await terminal.clock.betweenTwoBells(() => terminal.type(floodLine(kind, megabytes)))))
        used.megabytes += total
        used.seconds += (await processorSecondsOf(workspace.berth.pid)) - usedBefore
        if (wettyPage) {
          await wettyPage.page.bringToFront()
          const start = async () => {
            await wettyPage.page.type(floodLine(kind, megabytes))
            await wettyPage.page.press('Enter')
          }
          rates[kind].wetty.push(rate(await wettyPage.clock.betweenTwoBells(start)))
        }
      }
    }
  } finally {
    await alone.close()
    if (typeof wetty !== 'string') await wetty.close()
  }
  await terminal.page.bringToFront()
  const flood = () => terminal.clock.betweenTwoBells(() => terminal.type(floodLine('ansi', Math.ceil(megabytes / 4))))
  const frames = await terminal.clock.framesDuring(flood)
  const after = { core: await memoryOf(workspace.berth.pid), page: await terminal.page.heapBytes() }
  console.log(`Output from a program in the workspace to the page: ${megabytes} MB a run, medians of ${rounds}, in turns.`)
  console.log('“xterm alone” is the same xterm, as large, with the same bytes written straight from the memory of its page.\n')
  console.log(
    table(
      ['', 'xterm alone', 'Berth', 'Berth / alone', 'wetty', 'Berth / wetty'],
      OUTPUT_KINDS.map((kind) => {
        const own = { alone: median(rates[kind].alone), berth: median(rates[kind].berth), wetty: median(rates[kind].wetty) }
        const speed = (value: number) => (Number.isNaN(value) ? '–' : `${value.toFixed(1)} MB/s`)
        const ratio = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(2))
        return [kind, speed(own.alone), speed(own.berth), ratio(own.berth / own.alone), speed(own.wetty), ratio(own.berth / own.wetty)]
      }),
    ),
  )
  console.log(`\nFrames of the page in one more such run of “ansi”: p95 ${frames.p95.toFixed(0)} ms, longest ${frames.max.toFixed(0)} ms.`)
  console.log(`The core used ${((used.seconds / used.megabytes) * 100).toFixed(1)} s of processor time for each 100 MB.`)
  console.log(
    `Memory: core ${megabytesOf(before.core.now)} → ${megabytesOf(after.core.now)} (peak ${megabytesOf(after.core.peak)}); page ${megabytesOf(before.page)} → ${megabytesOf(after.page)}.\n`,
  )
}

async function openWetty(
  browser: BareBrowser,
  url: string,
  size: { cols: number; rows: number },
): Promise<{ page: BarePage; clock: PageClock }> {
  const page = await browser.newPage()
  await page.goto(url)
  await page.until(() => 'wetty_term' in window, null)
  await sleep(1500)
  const clock: PageClock = await startClock(page)
  await watchWettyBells(page, size)
  await page.evaluate(() => document.querySelector<HTMLElement>('.xterm-helper-textarea')?.focus())
  await sleep(500)
  return { page, clock }
}

interface HiddenOptions {
  workspace: BenchWorkspace
  terminal: BerthTerminalPage
  megabytes: number
}

/** Prints what a flood leaves in memory that runs while the window is hidden, and whether the screen is right afterwards. */
export async function measureHiddenFlood({ workspace, terminal, megabytes }: HiddenOptions): Promise<void> {
  const { client, pid } = workspace.berth
  const { page } = terminal
  const before = { core: await memoryOf(pid), page: await terminal.page.heapBytes() }
  await setHidden(page, true)
  const begin = performance.now()
  // The end is heard of by a file: nothing on the screen is looked at.
  await terminal.type(`${floodLine('text', megabytes)}; echo over > /tmp/over; echo the end of the flood`)
  await client.workspaces.exec({
    workspace: workspace.id,
    command: ['bash', '-c', 'until [ -e /tmp/over ]; do sleep 0.2; done; rm /tmp/over'],
    timeoutSeconds: 1800,
  })
  const seconds = (performance.now() - begin) / 1000
  const after = { core: await memoryOf(pid), page: await terminal.page.heapBytes() }
  await setHidden(page, false)
  const seen = await terminal.clock
    .keyToBell(() => terminal.type(`printf '\\a'`))
    .then(
      () => 'answers at once',
      () => 'does not answer',
    )
  const growth = (one: number, other: number) => `${((other - one) / MEGABYTE).toFixed(1)} MB`
  console.log(`A flood of ${megabytes} MB while the window is hidden: ${seconds.toFixed(0)} s.`)
  console.log(
    `Growth: core ${growth(before.core.now, after.core.now)} (peak ${growth(before.core.now, after.core.peak)}), page ${growth(before.page, after.page)}; shown again, the terminal ${seen}.\n`,
  )
}

/** As a browser does when the window is minimised or another tab is shown, without slowing its timers. */
async function setHidden(page: BerthTerminalPage['page'], hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value })
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (value ? 'hidden' : 'visible') })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
}

function megabytesOf(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(0)} MB`
}

/** A command that floods without end. */
export const ENDLESS = ['bash', '-c', `while true; do cat ${INSIDE}/text; done`]
