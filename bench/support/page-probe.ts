import { readFile } from 'node:fs/promises'
import { type Browser, chromium, type Page } from '@playwright/test'
import { browserOptions } from '../../e2e/browser-options'
import { quantile } from './measure'

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(browserOptions)
}

/** Milliseconds between frames while `act` ran, by the page's own clock. */
export async function framesDuring(page: Page, act: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const state = { gaps: [] as number[], last: performance.now(), on: true }
    Object.assign(globalThis, { frameProbe: state })
    const frame = (now: number) => {
      state.gaps.push(now - state.last)
      state.last = now
      if (state.on) requestAnimationFrame(frame)
    }
    requestAnimationFrame((now) => {
      state.last = now
      requestAnimationFrame(frame)
    })
  })
  await act()
  return page.evaluate(() => {
    const { frameProbe } = globalThis as unknown as { frameProbe: { gaps: number[]; on: boolean } }
    frameProbe.on = false
    return frameProbe.gaps
  })
}

/** “p50 / p95 / longest, N over 33 ms”. */
export function framesInWords(gaps: number[]): string {
  const late = gaps.filter((gap) => gap > 33.4).length
  return `${quantile(gaps, 0.5).toFixed(1)} / ${quantile(gaps, 0.95).toFixed(1)} / ${Math.max(...gaps).toFixed(0)} ms; ${late} of ${gaps.length}`
}

/**
 * Memory of the largest renderer in MB, which is the page's: the browser keeps a small spare one. Resident and its own: the program's
 * text, which all of the browser's processes share, is left out.
 */
export async function rendererMemory(browser: Browser, page: Page): Promise<number> {
  return Math.max(...(await renderersMemory(browser, page)))
}

/** The same of all of them together. */
export async function allRenderersMemory(browser: Browser, page: Page): Promise<number> {
  return (await renderersMemory(browser, page)).reduce((sum, size) => sum + size, 0)
}

async function renderersMemory(browser: Browser, page: Page): Promise<number[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
  const system = await browser.newBrowserCDPSession()
  const { processInfo } = await system.send('SystemInfo.getProcessInfo')
  await system.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  return Promise.all(
    renderers.map(async ({ id }) => Number(/RssAnon:\s+(\d+)/.exec(await readFile(`/proc/${id}/status`, 'utf8'))?.[1]) / 1024),
  )
}
