import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { accessibilityOf, button, createWorkspace, dialog, READY_MS, row, tab } from './page-parts'

test('an init script that fails is looked at, corrected and run again where it failed', async ({ page }) => {
  const name = uniqueName('init')
  await createWorkspace(page, name, { 'Init script': 'echo begun\n\nls /nowhere/at/all\n' })
  await expect(row(page, name, 'error')).toBeVisible({ timeout: READY_MS })
  const problem = page.getByRole('alert', { name: 'The init script failed' })
  await expect(problem).toContainText(`The init script of ${name} failed at line 3 with exit code 2.`)
  // It can be used all the same.
  await expect(button(page, 'Stop')).toBeEnabled()
  expect((await accessibilityOf(page).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()).violations).toEqual([])

  await button(problem, 'Show log').click()
  await expect(dialog(page).getByRole('log')).toContainText('begun')
  await page.keyboard.press('Escape')

  await button(problem, 'Edit script').click()
  await expect(tab(page, 'Settings')).toHaveAttribute('aria-selected', 'true')
  const script = page.getByRole('textbox', { name: 'Init script' })
  await script.fill('echo corrected\n')
  await script.press('Control+Enter')
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  await page.getByRole('tabpanel').getByRole('button', { name: 'Run again' }).click()
  await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
  await tab(page, 'Overview').click()
  await expect(problem).toBeHidden()
})
