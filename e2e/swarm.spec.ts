import type { Page } from '@playwright/test'
import { type SecondEngine, startSecondEngine } from '../test/support/second-engine'
import { expect, test as withBerth } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, READY_MS, row } from './page-parts'

const HERE = '127.0.0.1:2377'

const test = withBerth.extend<{ manager: SecondEngine }>({
  alone: true,
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  manager: async ({}, use) => {
    const manager = await startSecondEngine({ hostname: 'boss', image: process.env.BERTH_IMAGE_TAG ?? 'berth-base:latest' })
    await manager.docker.swarmInit({ ListenAddr: HERE, AdvertiseAddr: HERE })
    await use(manager)
    await manager.dispose()
  },
})

// biome-ignore lint/suspicious/noSkippedTests: only where it cannot be run
test.skip(process.getuid?.() !== 0, 'A second engine needs root.')

const openScreen = (page: Page, name: string) => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click()

test('a Swarm is used, places a workspace, and says when there is no room and when a node is drained', async ({ page, berth, manager }) => {
  await berth.client.engines.add({ name: 'boss', address: manager.endpoint })
  await openScreen(page, 'Engines')
  await button(page, 'Use a Swarm…').click()
  const use = dialog(page)
  await expect(use.getByRole('combobox', { name: 'Manager' })).toHaveValue('boss')
  await use.getByRole('textbox', { name: 'Name' }).fill('team')
  await button(use, 'Use it').click()
  await expect(use).toBeHidden()
  await expect(page.getByRole('heading', { name: 'team', exact: true })).toBeVisible()
  const nodes = page.getByRole('region', { name: 'Nodes' })
  await expect(nodes.getByRole('listitem')).toContainText(['boss'])
  await expect(nodes.getByRole('link', { name: 'Engine boss' })).toBeVisible()
  await expect(page.getByText(/tasks of this Swarm do not support/)).toBeVisible()

  const name = uniqueName('placed')
  await button(page, 'New workspace').first().click()
  await dialog(page).getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await dialog(page).getByRole('combobox', { name: 'Engine' }).selectOption('team')
  const constraints = dialog(page).getByRole('textbox', { name: 'Constraints' })
  await constraints.fill('node.labels.disk==ssd')
  await button(dialog(page), 'Create').click()
  // No node has that label.
  const notice = page.getByRole('alert').filter({ hasText: name })
  await expect(notice).toContainText('scheduling constraints not satisfied')
  await button(notice, 'Edit').click()
  await constraints.fill('node.role==manager')
  await button(dialog(page), 'Create').click()
  await expect(row(page, `${name} boss`, 'running')).toBeVisible({ timeout: READY_MS })

  await openScreen(page, 'Engines')
  await page.getByRole('navigation', { name: 'Engines' }).getByRole('link', { name: 'team' }).click()
  await expect(nodes.getByRole('link', { name })).toBeVisible()
  const [node] = await manager.docker.listNodes()
  const { Version: version, Spec: spec } = await manager.docker.getNode(node.ID).inspect()
  await manager.docker.getNode(node.ID).update({ version: version.Index, ...spec, Availability: 'drain' })
  await expect(
    page
      .getByRole('main')
      .getByText(/could not leave|no suitable node/)
      .first(),
  ).toBeVisible()
  await berth.client.workspaces.delete({ workspace: name, wait: true })
  await expect(nodes.getByRole('link', { name })).toHaveCount(0)
  await button(page, 'Remove…').click()
  await button(dialog(page), 'Remove').click()
  await expect(page.getByRole('navigation', { name: 'Engines' }).getByRole('link', { name: 'team' })).toHaveCount(0)
})
