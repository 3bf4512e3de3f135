import { type Browser, test as base, expect, type Locator, type Page } from '@playwright/test'
import type { SettingsPatch } from '../src/shared/contract/settings'
import { type Berth, startBerth } from './berth-process'
import { type DesktopBerth, startDesktop } from './desktop-process'

interface TestFixtures {
  /** A Berth for this test alone, with no workspaces, instead of the one that tests share. */
  alone: boolean
  /** What that one is started with. */
  settings: SettingsPatch
  berth: Berth
  /** `berth`, in tests of the desktop app alone. */
  desktop: DesktopBerth
  /** Follows a link that leads out of Berth; resolves with the address that the browser got. */
  followOutside: (link: Locator) => Promise<string>
  /** Messages of the browser that this test brings about and that are no fault. */
  expectedMessages: RegExp[]
}

interface WorkerFixtures {
  isDesktop: boolean
  start: (settings?: SettingsPatch) => Promise<Berth>
  /** Starts it when it is first asked for. */
  sharedBerth: () => Promise<Berth>
}

/** Playwright's own size, which the specs are written for. */
const VIEWPORT = { width: 1280, height: 720 }

/**
 * `page` is the page of `berth`: in a browser at its link, else in the window of the desktop app. A message of error in its console, an uncaught error or a breach of its
 * policy fails the test.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  alone: [false, { option: true }],
  settings: [{}, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  isDesktop: [async ({}, use, { project }) => use(project.name === 'desktop'), { scope: 'worker' }],
  start: [async ({ isDesktop }, use) => use(isDesktop ? startDesktop : startBerth), { scope: 'worker' }],
  sharedBerth: [
    async ({ start }, use) => {
      const started: Promise<Berth>[] = []
      await use(() => {
        if (started.length === 0) started.push(start())
        return started[0] as Promise<Berth>
      })
      for (const berth of started) await (await berth).dispose()
    },
    { scope: 'worker' },
  ],
  berth: async ({ alone, settings, start, sharedBerth }, use) => {
    if (!alone) return use(await sharedBerth())
    const berth = await start(settings)
    await use(berth)
    await berth.dispose()
  },
  // The window of a desktop app is the browser.
  browser: [
    async ({ playwright, isDesktop }, use) => {
      if (isDesktop) return use(null as unknown as Browser)
      const browser = await playwright.chromium.launch()
      await use(browser)
      await browser.close()
    },
    { scope: 'worker', timeout: 30_000 },
  ],
  context: async ({ browser, berth }, use) => {
    if (isDesktopBerth(berth)) return use(berth.app.context())
    const context = await browser.newContext()
    await use(context)
    await context.close()
  },
  desktop: async ({ berth }, use) => {
    if (!isDesktopBerth(berth)) throw new Error('This test is for the desktop app: tag it @desktop-only.')
    await use(berth)
  },
  followOutside: async ({ berth, context }, use) => {
    await use(async (link) => {
      if (isDesktopBerth(berth)) {
        await berth.app.evaluate(() => globalThis.systemParts.opened.splice(0))
        await link.click()
        await expect.poll(() => berth.app.evaluate(() => globalThis.systemParts.opened.length)).toBe(1)
        return (await berth.app.evaluate(() => globalThis.systemParts.opened[0])) ?? ''
      }
      const opened = context.waitForEvent('page')
      await link.click()
      const page = await opened
      await page.waitForLoadState()
      const url = page.url()
      await page.close()
      return url
    })
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  expectedMessages: async ({}, use) => use([]),
  page: async ({ context, berth, expectedMessages }, use, testInfo) => {
    const page = isDesktopBerth(berth) ? berth.page : await context.newPage()
    const faults = await watchFaults(page)
    if (isDesktopBerth(berth)) await startAnew(page)
    else await page.goto(berth.link)
    await use(page)
    // Playwright itself takes no picture of a window that stays open.
    if (isDesktopBerth(berth) && testInfo.status !== testInfo.expectedStatus && !page.isClosed()) {
      // One whose process has ended cannot have its picture taken, and that must not hide why the test failed.
      const picture = await page.screenshot().catch(() => null)
      if (picture !== null) await testInfo.attach('screenshot', { body: picture, contentType: 'image/png' })
    }
    // The first workspace of a Berth brings a network of the engine's, which the browser takes for another way to the internet.
    const always = [/net::ERR_NETWORK_CHANGED/]
    const unexpected = faults.filter((fault) => ![...always, ...expectedMessages].some((expected) => expected.test(fault)))
    expect(unexpected, 'faults of the page').toEqual([])
    if (isDesktopBerth(berth)) await page.removeAllListeners()
  },
})

export { expect }

const isDesktopBerth = (berth: Berth): berth is DesktopBerth => 'app' in berth

/** The one window of a desktop app, without what an earlier test has left in it. */
async function startAnew(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' })
  await page.setViewportSize(VIEWPORT)
  await page.waitForURL(({ protocol }) => protocol !== 'about:')
  await page.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
    location.hash = ''
  })
  await page.reload()
}

const watched = new WeakSet<Page>()

async function watchFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()} (${message.location().url})`))
  if (watched.has(page)) return faults
  watched.add(page)
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI}`)
    })
  })
  return faults
}
