import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, heading, READY_MS, row, tab } from './page-parts'

test.use({ alone: true })

test('everything is done with the keyboard alone', async ({ page, berth }) => {
  const first = uniqueName('first')
  const second = uniqueName('second')
  await berth.client.workspaces.start({ name: first, wait: true })
  await expect(row(page, first, 'running')).toBeVisible()

  await test.step('a workspace is created', async () => {
    await page.keyboard.press('Alt+n')
    await expect(dialog(page).getByLabel('Name', { exact: true })).toBeFocused()
    await page.keyboard.type(second)
    await page.keyboard.press('Enter')
    await expect(dialog(page)).toBeHidden()
    await expect(heading(page, second)).toBeVisible()
    await expect(row(page, second, 'running')).toBeVisible({ timeout: READY_MS })
  })

  await test.step('arrow keys move along the list, Enter opens, Space starts and stops', async () => {
    await page.keyboard.press('/')
    await expect(page.getByRole('textbox', { name: 'Filter workspaces' })).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(row(page, first, 'running')).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(row(page, second, 'running')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(heading(page, second)).toBeVisible()
    await page.keyboard.press('Space')
    await expect(row(page, second, 'stopped')).toBeVisible({ timeout: READY_MS })
    await expect(row(page, second, 'stopped')).toBeFocused()
    await page.keyboard.press('Space')
    await expect(row(page, second, 'running')).toBeVisible({ timeout: READY_MS })
  })

  await test.step('the filter leaves what matches', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type(first)
    await expect(row(page, second, 'running')).toHaveCount(0)
    await page.keyboard.press('Enter')
    await expect(heading(page, first)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(row(page, second, 'running')).toBeVisible()
  })

  await test.step('the palette does what is typed into it', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type(`logs ${second}`)
    await page.keyboard.press('Enter')
    await expect(heading(page, second)).toBeVisible()
    await expect(tab(page, 'Logs')).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Control+k')
    await page.keyboard.type(`stop ${first}`)
    await page.keyboard.press('Enter')
    await expect(row(page, first, 'stopped')).toBeVisible({ timeout: READY_MS })
  })

  await test.step('Alt with a digit goes from tab to tab', async () => {
    await page.keyboard.press('Alt+1')
    await expect(tab(page, 'Overview')).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Alt+3')
    await expect(tab(page, 'Logs')).toHaveAttribute('aria-selected', 'true')
  })

  await test.step('each dialog gives the focus back to where it was opened', async () => {
    const openers: [string, () => Promise<void>][] = [
      ['New workspace', () => page.keyboard.press('Enter')],
      ['More actions', () => openDeletion()],
      ['Command palette', () => page.keyboard.press('Enter')],
    ]
    async function openDeletion() {
      await page.keyboard.press('Enter')
      await expect(page.getByRole('menuitem').first()).toBeFocused()
      await page.keyboard.type('Delete')
      await expect(page.getByRole('menuitem', { name: 'Delete…' })).toBeFocused()
      await page.keyboard.press('Enter')
    }
    for (const [opener, open] of openers) {
      await button(page, opener).focus()
      await open()
      await expect(dialog(page)).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(dialog(page)).toBeHidden()
      await expect(button(page, opener)).toBeFocused()
    }
  })
})

test('the keys are listed, and a dialog keeps them to itself', async ({ page }) => {
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await page.keyboard.press('?')
  await expect(dialog(page)).toContainText('Command palette')
  await page.keyboard.press('Alt+n')
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
})
