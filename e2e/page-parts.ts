import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect } from './berth-fixture'

/** Starting one takes a few seconds on a busy machine. */
export const READY_MS = 40_000

/** Looks for what keeps people from using the page. Within it: else each look opens a page of its own for the frames of other origins, of which there are none. */
export const accessibilityOf = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode()

export const row = (page: Page, name: string, status: string): Locator =>
  page.getByRole('link', { name: `${name}, ${status}`, exact: true })

export const button = (scope: Page | Locator, name: string): Locator => scope.getByRole('button', { name, exact: true })

export const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name, exact: true })

export const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name, exact: true })

export const dialog = (page: Page): Locator => page.getByRole('dialog')

/** Opens the dialog and types; `more` are the fields below “More”. */
export async function fillNewWorkspace(page: Page, name: string, more: Record<string, string> = {}): Promise<Locator> {
  await button(page.getByRole('complementary', { name: 'Sidebar' }), 'New workspace').click()
  const opened = dialog(page)
  await opened.getByLabel('Name', { exact: true }).fill(name)
  if (Object.keys(more).length > 0) await button(opened, 'More').click()
  for (const [label, text] of Object.entries(more)) await opened.getByLabel(label, { exact: true }).fill(text)
  return opened
}

export async function createWorkspace(page: Page, name: string, more: Record<string, string> = {}): Promise<void> {
  const opened = await fillNewWorkspace(page, name, more)
  await button(opened, 'Create').click()
  await expect(opened).toBeHidden()
}

/** The text of a terminal is a picture, unless a screen reader is to read it. */
export async function openReadableTerminal(page: Page): Promise<void> {
  await tab(page, 'Terminal').click()
  // It takes the focus when its session is open, which would close the menu.
  await expect(terminalInput(page)).toBeFocused()
  await button(page, 'Terminal menu').click()
  await page.getByRole('menuitem', { name: 'Turn screen reader mode on' }).click()
  // A prompt, of whoever the shell is.
  await expect(terminalScreen(page)).toContainText(/[$#]/)
  await terminalInput(page).focus()
}

export async function typeCommand(page: Page, command: string): Promise<void> {
  await page.keyboard.type(command)
  await page.keyboard.press('Enter')
}

export const terminalInput = (page: Page): Locator => page.getByRole('textbox', { name: 'Terminal input' })

/** The text on the screen of the session that is shown. */
export const terminalScreen = (page: Page): Locator => page.getByRole('tabpanel').locator('.xterm-accessibility-tree:visible')
