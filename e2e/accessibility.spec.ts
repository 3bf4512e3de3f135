import type { Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { accessibilityOf, button, dialog, fillNewWorkspace, heading, openReadableTerminal, READY_MS, row, tab } from './page-parts'

const LEVEL_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

test.use({ alone: true })

test('every screen meets WCAG at level AA in both themes', async ({ page, berth }) => {
  test.slow()
  await berth.client.settings.update({ theme: 'system' })
  await expect(page.getByRole('list', { name: 'Ways to begin' })).toBeVisible()
  await checkAccessibility(page, 'first run')
  await page.getByRole('button', { name: /^Step 3/ }).click()
  await checkAccessibility(page, 'first run, editor and ssh')
  await button(page, 'Skip').click()
  await expect(page.getByRole('heading', { name: /^A workspace is/ })).toBeVisible()
  await checkAccessibility(page, 'no workspaces')

  const name = uniqueName('axe')
  await berth.client.workspaces.start({ name, label: 'A label', clone: 'http://127.0.0.1:1/none.git', wait: true }).catch(() => null)
  await row(page, `${name} A label`, 'running, needs attention').click()
  await expect(heading(page, name)).toBeVisible()
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible()
  await page.getByRole('region', { name: 'Recent activity' }).getByRole('button').first().click()
  await checkAccessibility(page, 'overview with a problem')

  await openReadableTerminal(page)
  await checkAccessibility(page, 'terminal')
  await page.keyboard.press('Control+Shift+D')
  await expect(page.getByRole('separator')).toBeVisible()
  await page.keyboard.press('Control+Shift+F')
  await expect(page.getByRole('search', { name: 'Search in the terminal' })).toBeVisible()
  await checkAccessibility(page, 'split terminal with a search')

  await tab(page, 'Logs').click()
  await page.getByRole('searchbox', { name: 'Search in the log' }).fill('ready')
  await expect(page.getByRole('log').locator('mark').first()).toBeVisible()
  await checkAccessibility(page, 'logs')

  await tab(page, 'Files').click()
  await page.getByRole('treeitem', { name: /^\.profile / }).click()
  await expect(page.getByRole('region', { name: 'Preview of .profile' }).locator('pre')).toContainText('profile')
  await checkAccessibility(page, 'files')
  await button(page, 'Delete').click()
  await checkAccessibility(page, 'deletion of a file')
  await page.keyboard.press('Escape')

  await fillNewWorkspace(page, 'Not A Name', { Repository: 'nowhere' })
  await checkAccessibility(page, 'new workspace')
  await page.keyboard.press('Escape')

  await button(page, 'More actions').click()
  await checkAccessibility(page, 'menu')
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await expect(dialog(page).getByRole('list')).toHaveAttribute('aria-busy', 'false')
  await checkAccessibility(page, 'deletion')
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+k')
  await expect(page.getByPlaceholder('What to do?')).toBeFocused()
  await checkAccessibility(page, 'palette')
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Activity', exact: true }).click()
  await expect(heading(page, 'Activity')).toBeVisible()
  await checkAccessibility(page, 'activity')

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByRole('textbox', { name: 'Last ssh port' }).fill('1')
  await checkAccessibility(page, 'settings with a problem')

  await berth.client.workspaces.stop({ workspace: name, wait: true })
  await row(page, `${name} A label`, 'stopped, needs attention').click()
  await tab(page, 'Terminal').click()
  await expect(button(page, `Start ${name}`).first()).toBeVisible()
  await checkAccessibility(page, 'terminal of a stopped workspace')
})

test('the page of the API meets WCAG at level AA in both themes @browser-only', async ({ page, berth }) => {
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await page.goto(`${berth.url}/api`)
  await expect(page.getByRole('navigation', { name: 'Procedures' }).getByRole('link').first()).toBeVisible()
  await checkAccessibility(page, 'page of the API')
})

test('the screens of copies and storage meet WCAG at level AA in both themes', async ({ page, berth }) => {
  test.slow()
  await berth.client.settings.update({ theme: 'system' })
  const name = uniqueName('axe')
  await berth.client.workspaces.start({ name, limits: { diskBytes: 65 * 1024 ** 2 }, wait: true })
  await berth.client.snapshots.create({ workspace: name, name: 'first', wait: true })
  await berth.client.workspaces.exec({ workspace: name, command: ['sh', '-c', 'head -c 67500000 /dev/urandom > /home/workspace/weight'] })
  await row(page, name, 'running').click()

  await tab(page, 'Snapshots').click()
  await expect(page.getByRole('form', { name: 'New snapshot' })).toBeVisible()
  await checkAccessibility(page, 'snapshots')

  await button(page, 'Clone').click()
  await button(dialog(page), 'More').click()
  await checkAccessibility(page, 'clone')
  await page.keyboard.press('Escape')

  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Export…' }).click()
  await dialog(page).getByRole('textbox', { name: 'File' }).fill(`${berth.home}/settings.json`)
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('alert')).toBeVisible()
  await checkAccessibility(page, 'export to a file that is there')
  await page.keyboard.press('Escape')

  await button(page, 'Import…').click()
  await dialog(page).getByRole('textbox', { name: 'File' }).fill(`${berth.home}/settings.json`)
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('alert')).toBeVisible()
  await checkAccessibility(page, 'import of what is no archive')
  await page.keyboard.press('Escape')

  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Storage' }).click()
  await expect(page.getByRole('list', { name: 'Nearly full' })).toBeVisible({ timeout: READY_MS })
  await expect(page.getByRole('region', { name: 'Clean up' }).locator('[aria-busy]')).toHaveCount(0, { timeout: READY_MS })
  await checkAccessibility(page, 'storage')
  await page.getByRole('radio', { name: 'Map' }).click()
  await checkAccessibility(page, 'map of storage')
  await page.getByRole('radio', { name: 'Bars' }).click()
  await button(page, `Change limit of ${name}: 65 MiB`).click()
  await checkAccessibility(page, 'disk limit')
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const pool = page.getByRole('form', { name: 'Make pool' }).or(page.getByText('Not on this engine.'))
  await expect(pool).toBeVisible({ timeout: READY_MS })
  await checkAccessibility(page, 'settings of storage')
})

/** Of a theme only the colours are another's: the rest is checked once. */
async function checkAccessibility(page: Page, screen: string): Promise<void> {
  await test.step(screen, async () => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      // The page of the API has no attribute for it.
      await expect(page.locator(`html:not([data-theme]), html[data-theme='${theme}']`)).toBeAttached()
      const axe = accessibilityOf(page)
      const { violations } = await (theme === 'light' ? axe.withTags(LEVEL_AA) : axe.withRules(COLOUR_RULES)).analyze()
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))
      expect.soft(found, `${screen}, ${theme}`).toEqual([])
    }
  })
}
