import type { Page } from '@playwright/test'
import { makePerryWorkspace, type PerryWorkspace } from '../test/support/perry-workspace'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, heading, READY_MS, row } from './page-parts'

test.use({ alone: true })

const section = (page: Page) => page.getByRole('region', { name: 'Other workspaces' })
const adopt = (page: Page, name: string, status: string) => button(section(page), `Adopt ${name}, ${status}, of Perry`)

let port = 31_000 + Math.floor(Math.random() * 1000)
async function withPerry(options: Partial<Parameters<typeof makePerryWorkspace>[0]>, use: (perry: PerryWorkspace) => Promise<void>) {
  const perry = await makePerryWorkspace({ name: uniqueName('perry'), port: port++, ...options })
  try {
    await use(perry)
  } finally {
    await perry.remove()
  }
}

test('a workspace of another tool shows up by itself, is adopted from the sidebar, and is a workspace like any other', async ({ page }) => {
  await withPerry({ start: false }, async ({ name }) => {
    await section(page)
      .getByRole('button', { name: /^Other workspaces/ })
      .click()
    await adopt(page, name, 'stopped').click()
    await expect(dialog(page)).toContainText(`workspace-${name}-docker`)
    // Enter is all it takes.
    await page.keyboard.press('Enter')
    await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
    await expect(heading(page, name)).toBeVisible()
    await expect(adopt(page, name, 'stopped')).toHaveCount(0)
  })
})

test('one that runs says that it is stopped; one with something in the way says what', async ({ page }) => {
  await withPerry({ binds: ['/tmp:/data'], start: false }, async (odd) => {
    await withPerry({}, async (running) => {
      await section(page)
        .getByRole('button', { name: /^Other workspaces/ })
        .click()
      await adopt(page, running.name, 'running').click()
      await expect(button(dialog(page), 'Stop and adopt')).toBeVisible()
      await page.keyboard.press('Escape')
      await adopt(page, odd.name, 'stopped').click()
      await expect(dialog(page).getByRole('alert')).toContainText('/data')
      await expect(button(dialog(page), 'Adopt')).toHaveCount(0)
    })
    // It goes by itself, too; and the palette knows the others.
    await button(dialog(page), 'Close').first().click()
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('What to do?').fill(`adopt ${odd.name}`)
    await expect(page.getByRole('option', { name: `Adopt ${odd.name} of Perry…` })).toBeVisible()
  })
})
