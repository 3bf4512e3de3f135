import type { Locator, Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, fillNewWorkspace, heading, tab } from './page-parts'

const SMALL = { width: 720, height: 480 }

test.use({ alone: true, viewport: SMALL })

test('in a window of 720 × 480 nothing is cut off and what matters is in sight', async ({ page, berth }) => {
  await expect(heading(page, 'Get started with Berth')).toBeVisible()
  await expectToFit(page, page.getByRole('button', { name: /^Empty/ }), page.getByRole('link', { name: /^Engine: Docker/ }))
  await button(page, 'Skip').click()
  await expect(page.getByRole('heading', { name: /^A workspace is/ })).toBeVisible()
  await expectToFit(page, button(page.getByRole('main'), 'New workspace'), page.getByRole('link', { name: /^Engine: Docker/ }))

  const name = `${uniqueName('small')}-with-a-name-that-is-as-long-as-one-may-be-here`
  await berth.client.workspaces.start({ name, label: 'A label that is rather long as well', wait: true })
  await page.getByRole('link', { name: new RegExp(`^${name} `) }).click()
  await expect(heading(page, name)).toBeVisible()
  await expectToFit(page, button(page, 'Stop'), button(page, 'More actions'), button(page, 'Copy ssh command'))

  await tab(page, 'Terminal').click()
  await expectToFit(page, button(page, 'New session'), button(page, 'Terminal menu'), page.locator('.xterm-screen'))

  await tab(page, 'Logs').click()
  await expect(page.getByRole('log')).toContainText('berth: ready')
  await expectToFit(page, button(page, 'Follow'), button(page, 'Save the log'), page.getByRole('log'))

  await tab(page, 'Settings').click()
  await expectToFit(page, page.getByRole('textbox', { name: 'Label' }))
  await button(page.getByRole('tabpanel'), 'Delete…').scrollIntoViewIfNeeded()
  await expectToFit(page, button(page.getByRole('tabpanel'), 'Delete…'))

  const opened = await fillNewWorkspace(page, 'Not A Name', { Repository: 'nowhere', Environment: 'A=1\nB=2\nC=3\nD=4\nE=5\nF=6' })
  await expectToFit(page, opened, button(opened, 'Create'), button(opened, 'Cancel'))
  await page.keyboard.press('Escape')

  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await expectToFit(page, dialog(page), button(dialog(page), 'Delete'), button(dialog(page), 'Keep it'))
  await page.keyboard.press('Escape')

  for (const screen of ['Activity', 'Settings']) {
    await page.getByRole('link', { name: screen, exact: true }).click()
    await expect(heading(page, screen)).toBeVisible()
    await expectToFit(page, button(page, 'New workspace'))
  }
})

test('at 400 pixels the sidebar is a drawer, and what matters still fits', async ({ page, berth }) => {
  await page.setViewportSize({ width: 400, height: 700 })
  await expect(heading(page, 'Get started with Berth')).toBeVisible()
  await expectToFit(page, page.getByRole('button', { name: /^Repository/ }))
  const name = uniqueName('narrow')
  await berth.client.workspaces.start({ name, wait: true })
  const sidebar = page.getByRole('complementary', { name: 'Sidebar' })
  const opener = button(page, 'Workspaces and screens')
  await expect(sidebar).not.toBeInViewport()

  await opener.click()
  await expect(sidebar).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('Escape')
  await expect(sidebar).not.toBeInViewport()

  await opener.click()
  await page.getByRole('link', { name: new RegExp(`^${name},`) }).click()
  await expect(sidebar).not.toBeInViewport()
  await expect(heading(page, name)).toBeVisible()
  await expectToFit(page, button(page, 'Stop'), button(page, 'Clone'), button(page, 'More actions'), button(page, 'Copy ssh command'))
  await tab(page, 'Terminal').click()
  await expectToFit(page, button(page, 'New session'), page.locator('.xterm-screen'))
  await tab(page, 'Logs').click()
  await expectToFit(page, page.getByRole('log'))

  for (const screen of ['Activity', 'Storage', 'Images', 'Library', 'Engines', 'Settings']) {
    await opener.click()
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click()
    await expect(heading(page, screen)).toBeVisible()
    await expectToFit(page, opener)
  }
  await opener.click()
  await button(sidebar, 'New workspace').click()
  await expectToFit(page, dialog(page), button(dialog(page), 'Create'))
})

/** The page itself does not scroll, none of its columns does sideways, and `parts` are wholly inside the window. */
async function expectToFit(page: Page, ...parts: Locator[]): Promise<void> {
  for (const part of parts) await expect(part).toBeInViewport({ ratio: 1 })
  const wide = await page.evaluate(() =>
    [
      document.documentElement,
      document.body,
      ...document.querySelectorAll('aside, main, main .overflow-y-auto, [role=dialog], [role=dialog] .overflow-y-auto'),
    ]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, className, scrollWidth, clientWidth }) => `${tagName} ${className}: ${scrollWidth} > ${clientWidth}`),
  )
  expect(wide, 'what is wider than its place').toEqual([])
}
