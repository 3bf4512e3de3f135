import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button } from './page-parts'

test.use({ alone: true })

test.beforeEach(async ({ page }) => {
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Settings' }).click()
})

test('the theme changes at once, is kept, and follows the system if it is to', async ({ page, berth }) => {
  const themes: Record<string, string> = {}
  for (const theme of ['Dark', 'Light'] as const) {
    await page.getByRole('radio', { name: theme }).click()
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase())
    themes[theme] = await page.locator('main').evaluate((main) => getComputedStyle(main).backgroundColor)
    await expect.poll(async () => (await berth.client.settings.get()).theme).toBe(theme.toLowerCase())
  }
  expect(themes.Dark).not.toBe(themes.Light)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.getByRole('radio', { name: 'System' }).click()
  for (const colorScheme of ['dark', 'light'] as const) {
    // The window's own colours of the system may be taken back only now, after those of the test.
    await expect(async () => {
      await page.emulateMedia({ colorScheme: null })
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme, { timeout: 2000 })
    }).toPass()
  }
})

test('a range of ports that ends before it starts is refused with the reason, and not kept', async ({ page, berth }) => {
  const { sshPorts } = await berth.client.settings.get()
  const last = page.getByRole('textbox', { name: 'Last ssh port' })
  await last.fill(String(sshPorts.from - 1))
  await last.press('Enter')
  await expect(page.getByText('The range ends before it starts.')).toBeVisible()
  await expect(last).toHaveAttribute('aria-invalid', 'true')
  expect((await berth.client.settings.get()).sshPorts).toEqual(sshPorts)

  await last.fill(String(sshPorts.from + 4))
  await expect(page.getByText('room for 5')).toBeVisible()
  await last.press('Enter')
  await expect.poll(async () => (await berth.client.settings.get()).sshPorts).toEqual({ from: sshPorts.from, to: sshPorts.from + 4 })
})

test('no port left is told with a way to the setting', async ({ page, berth }) => {
  const { sshPorts } = await berth.client.settings.get()
  await berth.client.settings.update({ sshPorts: { from: sshPorts.from, to: sshPorts.from } })
  const name = uniqueName('no-port')
  await berth.client.workspaces.start({ name: uniqueName('one-port'), wait: true })
  await button(page.getByRole('complementary', { name: 'Sidebar' }), 'New workspace').click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.keyboard.press('Enter')
  const notice = page.getByRole('alert').filter({ hasText: `Could not create ${name}` })
  await expect(notice).toContainText(String(sshPorts.from))
  await button(notice, 'Change port range').click()
  await expect(page.getByRole('textbox', { name: 'First ssh port' })).toBeFocused()
})

test('settings are searched, marked where they were changed, and put back; a change in the file is shown at once', async ({
  page,
  berth,
}) => {
  const main = page.getByRole('main')
  const { sshPorts } = await berth.client.settings.get()
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('font size')
  await expect(main.getByRole('textbox')).toHaveCount(1)
  const size = main.getByRole('textbox', { name: 'Terminal font size' })
  await size.fill('15')
  await size.press('Enter')
  await button(main, 'Reset to 13').click()
  await expect(size).toHaveValue('13')
  await expect(button(main, 'Reset to 13')).toBeHidden()

  await writeFile(join(berth.home, 'settings.json'), JSON.stringify({ sshPorts, terminalFontSize: 17 }))
  await expect(size).toHaveValue('17')
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('no such thing')
  await expect(page.getByText('No matching settings')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'Network' })).toBeVisible()
})
