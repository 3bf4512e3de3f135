import { setTimeout as sleep } from 'node:timers/promises'
import type { BarePage } from './bare-browser'
import { type BenchWorkspace, INSIDE } from './bench-workspace'
import { type PageClock, startClock, watchBerthBells } from './page-clock'

export interface BerthTerminalPage {
  page: BarePage
  clock: PageClock
  size: { cols: number; rows: number }
  webgl: boolean
  fontFamily: string
  type(line: string): Promise<void>
}

/** The terminal of the workspace, with a shell that waits for a command. */
export async function openBerthTerminal(page: BarePage, { berth, id, name }: BenchWorkspace): Promise<BerthTerminalPage> {
  await page.goto(berth.link)
  await page.goto(`${berth.url}/#/workspace/${name}/terminal`)
  await page.until(() => document.activeElement?.classList.contains('xterm-helper-textarea') ?? false, null)
  // It is resized once it is painted; the shell redraws its prompt then.
  await sleep(1500)
  const clock = await startClock(page)
  await watchBerthBells(page)
  const [session] = await berth.client.terminals.list({ workspace: id })
  if (session === undefined) throw new Error('The page opened no session.')
  const { webgl, fontFamily } = await page.evaluate(() => ({
    webgl: document.querySelector('.xterm-screen canvas') !== null,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
  }))
  return {
    page,
    clock,
    webgl,
    fontFamily,
    size: { cols: session.cols, rows: session.rows },
    async type(line) {
      await page.type(line)
      await page.press('Enter')
    },
  }
}

export const floodLine = (kind: string, megabytes: number) => `${INSIDE}/flood ${kind} ${megabytes}`
