import { kill } from 'node:process'
import type { Page } from '@playwright/test'
import { type SecondEngine, startSecondEngine } from '../test/support/second-engine'
import { expect, test as withBerth } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, heading, READY_MS, row } from './page-parts'

/** An engine that hangs is said to do so within five seconds. */
const NOTICED_MS = 6000
const BACK_MS = 40_000

const test = withBerth.extend<{ second: SecondEngine }>({
  alone: true,
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  second: async ({}, use) => {
    const second = await startSecondEngine()
    await second.takeImage(process.env.BERTH_IMAGE_TAG ?? 'berth-base:latest')
    await use(second)
    await second.dispose()
  },
})

// biome-ignore lint/suspicious/noSkippedTests: only where it cannot be run
test.skip(process.getuid?.() !== 0, 'A second engine needs root.')

const sidebar = (page: Page) => page.getByRole('complementary', { name: 'Sidebar' })
const engineLink = (page: Page, name: string) => page.getByRole('navigation', { name: 'Engines' }).getByRole('link', { name })
const openScreen = (page: Page, name: string) => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click()

async function addEngine(page: Page, name: string, address: string): Promise<void> {
  await openScreen(page, 'Engines')
  await button(page, 'Add engine…').click()
  await dialog(page).getByLabel('Address', { exact: true }).last().fill(address)
  await dialog(page).getByLabel('Name', { exact: true }).fill(name)
  await button(dialog(page), 'Add').click()
  await expect(dialog(page)).toBeHidden()
}

test('an engine is tried, added, chosen for new workspaces and removed', async ({ page, berth, second }) => {
  await openScreen(page, 'Engines')
  await expect(heading(page, 'Engines')).toBeVisible()
  await expect(engineLink(page, 'local')).toContainText('default')
  await expect(button(page, 'Remove…')).toHaveAttribute('aria-disabled', 'true')
  await expect(button(page, 'Remove…')).toHaveAccessibleDescription('The engine of this machine cannot be removed.')
  await button(page, 'Test').click()
  await expect(page.getByText(/^Responded in /)).toBeVisible()

  await button(page, 'Add engine…').click()
  const opened = dialog(page)
  const address = opened.getByRole('textbox', { name: 'Address' })
  await expect(address).toBeFocused()
  await button(opened, 'Add').click()
  await expect(address).toHaveAttribute('aria-invalid', 'true')

  await address.fill('tcp://box:2376')
  await expect(opened.getByRole('textbox', { name: 'TLS folder' })).toBeVisible()
  await expect(opened.getByRole('textbox', { name: 'Name' })).toHaveValue('box')

  await address.fill('unix:///nonexistent/engine.sock')
  await button(opened, 'Test').click()
  const result = opened.getByRole('status', { name: 'Result of the test' })
  await expect(result).toContainText('Not responding')
  await expect(result).toContainText('unix:///nonexistent/engine.sock')
  await opened.getByRole('textbox', { name: 'Name' }).fill('big')
  await button(opened, 'Add').click()
  await expect(opened.getByRole('alert')).toContainText('The engine big does not answer')

  await address.fill(second.endpoint)
  await expect(opened.getByRole('alert')).toBeHidden()
  await button(opened, 'Test').click()
  await expect(result).toContainText('is responding')
  await button(opened, 'Add').click()
  await expect(opened).toBeHidden()
  await expect(page.getByRole('heading', { name: 'big', exact: true })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Details' })).toContainText(second.endpoint)
  await expect(page.getByRole('link', { name: '2 engines', exact: true })).toBeVisible()

  await button(page, 'Use for new workspaces').click()
  await expect(engineLink(page, 'big')).toContainText('default')
  await button(page, 'Remove…').click()
  await button(dialog(page), 'Remove').click()
  await expect(dialog(page).getByRole('alert')).toContainText('It is the engine for new workspaces')
  await button(dialog(page), 'Keep it').click()

  await berth.client.engines.use({ engine: 'local' })
  await button(page, 'Remove…').click()
  await button(dialog(page), 'Remove').click()
  await expect(dialog(page)).toBeHidden()
  await expect(engineLink(page, 'big')).toHaveCount(0)
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
})

test('workspaces are told apart by their engines, and one that hangs is nothing to the other', async ({ page, berth, second }) => {
  test.slow()
  const [here, there] = [uniqueName('here'), uniqueName('there')]
  await berth.client.workspaces.start({ name: here, wait: true })
  // As long as there is one engine, nothing is said of it.
  await expect(row(page, here, 'running')).toBeVisible()
  await expect(button(page, 'Group by engine')).toHaveCount(0)
  await addEngine(page, 'big', second.endpoint)

  await button(sidebar(page), 'New workspace').click()
  await dialog(page).getByLabel('Name', { exact: true }).fill(there)
  const choice = dialog(page).getByRole('combobox', { name: 'Engine' })
  await expect(choice).toHaveValue('local')
  await choice.selectOption('big')
  await button(dialog(page), 'Create').click()
  await expect(row(page, `${there} big`, 'running')).toBeVisible({ timeout: READY_MS })
  await expect(row(page, `${here} local`, 'running')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Details' }).getByRole('link', { name: 'big' })).toBeVisible()

  const filter = page.getByRole('textbox', { name: 'Filter workspaces' })
  await filter.fill('big')
  await expect(row(page, `${here} local`, 'running')).toHaveCount(0)
  await expect(row(page, `${there} big`, 'running')).toBeVisible()
  await filter.fill('')
  await button(page, 'Group by engine').click()
  const list = page.getByRole('navigation', { name: 'Workspaces' }).getByRole('listitem')
  await expect(list).toHaveText(['local', here, 'big', there])
  await page.reload()
  await expect(list).toHaveText(['local', here, 'big', there])
  await button(page, 'Group by engine').click()
  await expect(list).toHaveText([new RegExp(here), new RegExp(there)])

  await openScreen(page, 'Storage')
  const usage = page.getByRole('region', { name: 'Workspaces', exact: true })
  await expect(usage.getByRole('link', { name: here })).toBeVisible({ timeout: READY_MS })
  await page.getByRole('combobox', { name: 'Engine' }).selectOption({ label: 'big' })
  await expect(usage.getByRole('link', { name: there })).toBeVisible({ timeout: READY_MS })
  await expect(usage.getByRole('link', { name: here })).toHaveCount(0)
  await openScreen(page, 'Images')
  await expect(page.getByRole('list', { name: 'Images' }).getByRole('link', { name: there })).toBeVisible()

  const banner = page.getByRole('alert', { name: 'The engine big is not responding' })
  const away = page.getByRole('list', { name: 'Engines that are not responding' })
  kill(second.pid(), 'SIGSTOP')
  try {
    // Nothing is asked of it; the page looks on.
    await expect(away.getByRole('link', { name: 'big no answer' })).toBeVisible({ timeout: NOTICED_MS })
    await row(page, `${there} big`, 'running').click()
    await expect(banner).toContainText('may be out of date')
    await expect(away.getByRole('link', { name: 'big no answer' })).toBeVisible()
    await expect(page.getByRole('link', { name: '1 of 2 engines, not responding: big' })).toBeVisible()
    await expect(row(page, `${there} big`, 'running').locator('svg')).toHaveCSS('opacity', '0.5')

    await row(page, `${here} local`, 'running').click()
    await expect(banner).toBeHidden()
    await expect(row(page, `${here} local`, 'running').locator('svg')).toHaveCSS('opacity', '1')
    await button(page, 'Stop').click()
    await expect(row(page, `${here} local`, 'stopped')).toBeVisible({ timeout: READY_MS })
    await button(page, 'Start').click()
    await expect(row(page, `${here} local`, 'running')).toBeVisible({ timeout: READY_MS })

    await button(sidebar(page), 'New workspace').click()
    await expect(dialog(page).getByRole('option', { name: 'big, not responding' })).toBeDisabled()
    await page.keyboard.press('Escape')
    await away.getByRole('link').click()
    await expect(page.getByRole('heading', { name: 'big', exact: true })).toBeVisible()
  } finally {
    kill(second.pid(), 'SIGCONT')
  }
  await expect(away).toBeHidden({ timeout: BACK_MS })
  await expect(page.getByRole('link', { name: '2 engines', exact: true })).toBeVisible()
  await expect(row(page, `${there} big`, 'running')).toBeVisible()

  await button(page, 'Remove…').click()
  await button(dialog(page), 'Remove').click()
  await expect(dialog(page).getByRole('alert')).toContainText(there)
  await page.keyboard.press('Escape')

  // What is on it moves to the other engine.
  await row(page, `${there} big`, 'running').click()
  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Move to another engine…' }).click()
  await expect(dialog(page).getByRole('combobox', { name: 'Engine' })).toHaveValue('local')
  await button(dialog(page), 'Move').click()
  await expect(page.getByText('Moving', { exact: false }).first()).toBeVisible()
  await expect(row(page, `${there} local`, 'running')).toBeVisible({ timeout: READY_MS })

  await openScreen(page, 'Engines')
  await engineLink(page, 'big').click()
  await button(page, 'Remove…').click()
  await button(dialog(page), 'Remove').click()
  await expect(dialog(page)).toBeHidden()
  await expect(row(page, here, 'running')).toBeVisible()
  await expect(row(page, there, 'running')).toBeVisible()
})
