import { test as base, expect, type Page } from '@playwright/test'
import type { SettingsPatch } from '../src/shared/contract/settings'
import { type Berth, startBerth } from './berth-process'

interface TestFixtures {
  /** A Berth for this test alone, with no workspaces, instead of the one that tests share. */
  alone: boolean
  /** What that one is started with. */
  settings: SettingsPatch
  berth: Berth
  /** Messages of the browser that this test brings about and that are no fault. */
  expectedMessages: RegExp[]
}

interface WorkerFixtures {
  sharedBerth: Berth
}

/** `page` is opened at the link of `berth`; a message of error in its console, an uncaught error or a breach of its policy fails the test. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  alone: [false, { option: true }],
  settings: [{}, { option: true }],
  sharedBerth: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
    async ({}, use) => {
      const berth = await startBerth()
      await use(berth)
      await berth.dispose()
    },
    { scope: 'worker' },
  ],
  berth: async ({ alone, settings, sharedBerth }, use) => {
    if (!alone) return use(sharedBerth)
    const berth = await startBerth(settings)
    await use(berth)
    await berth.dispose()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  expectedMessages: async ({}, use) => use([]),
  page: async ({ page, berth, expectedMessages }, use, testInfo) => {
    // The desktop app holds its core itself: these would only be run in a browser once more.
    testInfo.skip(testInfo.project.name === 'desktop', 'This fixture starts a headless Berth.')
    const faults = await watchFaults(page)
    await page.goto(berth.link)
    await use(page)
    // The first workspace of a Berth brings a network of the engine's, which the browser takes for another way to the internet.
    const always = [/net::ERR_NETWORK_CHANGED/]
    const unexpected = faults.filter((fault) => ![...always, ...expectedMessages].some((expected) => expected.test(fault)))
    expect(unexpected, 'faults of the page').toEqual([])
  },
})

export { expect }

async function watchFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()} (${message.location().url})`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI}`)
    })
  })
  return faults
}
