import type { Page } from '@playwright/test'
import { type BenchWorkspace, INSIDE } from './bench-workspace'
import { type PageClock, startClock, watchBerthBells } from './page-clock'

export interface BerthTerminalPage {
  page: Page
  clock: PageClock
  size: { cols: number; rows: number }
  webgl: boolean
  fontFamily: string
  type(line: string): Promise<void>
  /** Used memory of the page's scripts, without what is garbage. */
  heapBytes(): Promise<number>
}

/** The terminal of the workspace, with a shell that waits for a command. */
export async function openBerthTerminal(page: Page, { berth, id, name }: BenchWorkspace): Promise<BerthTerminalPage> {
  await page.goto(berth.link)
  await page.goto(`${berth.url}/#/workspace/${name}/terminal`)
  const input = page.getByRole('textbox', { name: 'Terminal input' })
  await input.waitFor()
  await page.waitForFunction(() => document.activeElement?.classList.contains('xterm-helper-textarea'))
  // It is resized once it is painted; the shell redraws its prompt then.
  await page.waitForTimeout(1500)
  const clock = await startClock(page)
  await watchBerthBells(page)
  const [session] = await berth.client.terminals.list({ workspace: id })
  if (session === undefined) throw new Error('The page opened no session.')
  const { webgl, fontFamily } = await page.evaluate(() => ({
    webgl: document.querySelector('.xterm-screen canvas') !== null,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
  }))
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  return {
    page,
    clock,
    webgl,
    fontFamily,
    size: { cols: session.cols, rows: session.rows },
    async type(line) {
      await page.keyboard.type(line)
      await page.keyboard.press('Enter')
    },
    async heapBytes() {
      await devtools.send('HeapProfiler.collectGarbage')
      const { metrics } = await devtools.send('Performance.getMetrics')
      return metrics.find((metric) => metric.name === 'JSHeapUsedSize')?.value ?? Number.NaN
    },
  }
}

export const floodLine = (kind: string, megabytes: number) => `${INSIDE}/flood ${kind} ${megabytes}`
