import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type EngineProxy, startEngineProxy } from '../test/support/engine-proxy'
import { expect, test as withBerth } from './berth-fixture'
import { docker, uniqueName } from './berth-process'
import { button, READY_MS, row } from './page-parts'

const test = withBerth.extend<{ engine: EngineProxy }>({
  alone: true,
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  engine: async ({}, use) => {
    const proxy = await startEngineProxy()
    await use(proxy)
    await proxy.close()
  },
  settings: async ({ engine }, use) => use({ engineEndpoint: engine.endpoint }),
})

test('while the engine is gone the page says so and keeps what it knew; when it is back, what changed meanwhile is right', async ({
  page,
  berth,
  engine,
}) => {
  const [stays, stops] = [uniqueName('stays'), uniqueName('stops')]
  await Promise.all([stays, stops].map((name) => berth.client.workspaces.start({ name, wait: true })))
  await row(page, stays, 'running').click()

  engine.cut()
  const banner = page.getByRole('alert', { name: 'No Docker engine is responding' })
  await expect(banner).toContainText('may be out of date')
  await expect(page.getByRole('link', { name: 'Engine: No engine is responding' })).toBeVisible()
  await expect(row(page, stays, 'running')).toBeVisible()
  await expect(stateIcon(page, stays)).toHaveCSS('opacity', '0.5')

  await docker.getContainer(`workspace-${stops}`).stop()
  await expect(row(page, stops, 'running')).toBeVisible()

  await engine.restore()
  await button(banner, 'Try again').click()
  await expect(banner).toBeHidden()
  await expect(row(page, stops, 'stopped')).toBeVisible()
  await expect(row(page, stays, 'running')).toBeVisible()
  await expect(stateIcon(page, stays)).toHaveCSS('opacity', '1')
})

test('what cannot be done without the engine is refused in words', async ({ page, berth, engine }) => {
  const name = uniqueName('refused')
  await berth.client.workspaces.start({ name, wait: true })
  await row(page, name, 'running').click()
  engine.cut()
  await expect(page.getByRole('alert', { name: 'No Docker engine is responding' })).toBeVisible()
  await button(page, 'Stop').click()
  const notice = page.getByRole('region', { name: /^Notices/ }).getByRole('alert')
  await expect(notice).toContainText('No Docker engine answers')
  await engine.restore()
  await button(notice, 'Try again').click()
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await button(page, 'Stop').click()
  await expect(row(page, name, 'stopped')).toBeVisible({ timeout: READY_MS })
})

const stateIcon = (page: Page, name: string) => row(page, name, 'running').locator('svg')

withBerth.describe('without any engine', () => {
  const socket = join(tmpdir(), uniqueName('missing'))
  withBerth.use({ alone: true, settings: { engineEndpoint: `unix://${socket}` } })

  withBerth('the page says what was looked for and how to get one', async ({ page }) => {
    await expect(page.getByRole('heading', { name: 'No Docker engine is responding' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'What Berth tried' })).toContainText(socket)
    await expect(page.getByRole('region', { name: 'What to do' }).getByRole('listitem')).not.toHaveCount(0)
    await expect(button(page, 'Try again')).toBeVisible()
    await page.getByRole('link', { name: 'Engine settings' }).click()
    await expect(page.getByRole('textbox', { name: 'Local engine' })).toHaveValue(`unix://${socket}`)
  })
})
