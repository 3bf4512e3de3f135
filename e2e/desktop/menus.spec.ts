import { expect, test } from '../berth-fixture'
import { uniqueName } from '../berth-process'
import { clickMenu, clickTray, type DesktopBerth, startOnceMore, trayLabels } from '../desktop-process'
import { dialog, heading, READY_MS, row } from '../page-parts'

const isVisible = ({ app }: DesktopBerth) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()))

test('what the menus offer happens in the page @desktop-only', async ({ page, desktop }) => {
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await clickMenu(desktop.app, '&File', 'New Workspace…')
  await expect(dialog(page).getByLabel('Name', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
  await clickMenu(desktop.app, '&View', 'Command Palette…')
  await expect(dialog(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
  await clickMenu(desktop.app, 'Help', 'Keyboard Shortcuts')
  await expect(dialog(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
  await clickMenu(desktop.app, 'Help', 'Get Started…')
  await expect(heading(page, 'Get started with Berth')).toBeVisible()
  await clickMenu(desktop.app, '&File', 'Settings…')
  await expect(heading(page, 'Settings')).toBeVisible()
  // After a reload it is another port that they go to.
  await page.reload()
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await clickMenu(desktop.app, '&File', 'New Workspace…')
  await expect(dialog(page).getByLabel('Name', { exact: true })).toBeVisible()
})

test('the icon in the tray stops, starts and opens workspaces @desktop-only', async ({ page, desktop }) => {
  const name = uniqueName('tray')
  await desktop.client.workspaces.start({ name, wait: true })
  await expect.poll(() => trayLabels(desktop.app)).toContain(`● ${name}`)
  expect(await desktop.app.evaluate(() => globalThis.systemParts.toolTip)).toMatch(/^Berth: \d+ of \d+ running$/)
  expect(await clickTray(desktop.app, `● ${name}`, 'Stop')).toBe(true)
  await expect.poll(() => trayLabels(desktop.app), { timeout: READY_MS }).toContain(`○ ${name}`)
  await expect(row(page, name, 'stopped')).toBeVisible()
  expect(await clickTray(desktop.app, `○ ${name}`, 'Terminal')).toBe(false)
  expect(await clickTray(desktop.app, `○ ${name}`, 'Start')).toBe(true)
  await expect.poll(() => trayLabels(desktop.app), { timeout: READY_MS }).toContain(`● ${name}`)
  expect(await clickTray(desktop.app, `● ${name}`, 'Open')).toBe(true)
  await expect(heading(page, name)).toBeVisible()
  await desktop.client.workspaces.delete({ workspace: name, wait: true })
  await expect.poll(() => trayLabels(desktop.app)).not.toContain(`● ${name}`)
})

test('closing the window hides it; the tray and another start bring it back as it was @desktop-only', async ({ page, desktop }) => {
  await page.getByRole('link', { name: 'Activity', exact: true }).click()
  await page.evaluate(() => Object.assign(globalThis, { isTheSame: true }))
  const close = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await close()
  expect(await isVisible(desktop)).toEqual([false])
  // Makes the menu of the tray anew.
  const name = uniqueName('tray')
  await desktop.client.workspaces.start({ name, wait: true })
  await expect.poll(() => trayLabels(desktop.app)).toContain('Open Berth')
  await clickTray(desktop.app, 'Open Berth')
  expect(await isVisible(desktop)).toEqual([true])
  await close()
  expect(await isVisible(desktop)).toEqual([false])
  expect(await startOnceMore(desktop)).toBe(0)
  await expect.poll(() => isVisible(desktop)).toEqual([true])
  await expect(heading(page, 'Activity')).toBeVisible()
  expect(await page.evaluate(() => 'isTheSame' in globalThis)).toBe(true)
})
