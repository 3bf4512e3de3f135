import type { Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import { leftOnEngine, uniqueName } from './berth-process'
import {
  button,
  createWorkspace,
  dialog,
  heading,
  openReadableTerminal,
  READY_MS,
  row,
  tab,
  terminalInput,
  terminalScreen,
  typeCommand,
} from './page-parts'

test.use({ alone: true })

test('a workspace lives from the first run to its deletion', async ({ page }) => {
  const name = uniqueName('life')

  await test.step('the first run offers to make one', async () => {
    await expect(heading(page, 'Get started with Berth')).toBeVisible()
    await expect(page.getByRole('list', { name: 'Ways to begin' }).getByRole('button')).not.toHaveCount(0)
  })

  await test.step('only the name is asked; it is opened at once, and runs soon after', async () => {
    await createWorkspace(page, name)
    await expect(heading(page, name)).toBeVisible()
    await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
    await expect(page.getByRole('region', { name: 'SSH' })).toContainText(/ssh -F \S+\/ssh\/config \S+\.berth/)
  })

  await test.step('its terminal takes what is typed and shows what comes', async () => {
    await openReadableTerminal(page)
    await typeCommand(page, 'echo $((6 * 7)) by $(whoami)')
    await expect(terminalScreen(page)).toContainText('42 by workspace')
  })

  await test.step('after a reload the screen is back', async () => {
    await page.reload()
    await expect(terminalScreen(page)).toContainText('42 by workspace')
    await expect(page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab')).toHaveCount(1)
  })

  await test.step('the shell knows the size of the window', async () => {
    await terminalInput(page).focus()
    const wide = await shellSize(page)
    await page.setViewportSize({ width: 900, height: 520 })
    await expect(async () => {
      const narrow = await shellSize(page)
      expect(narrow.rows).toBeLessThan(wide.rows)
      expect(narrow.columns).toBeLessThan(wide.columns)
    }).toPass()
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  await test.step('its log says that it is ready, and can be searched', async () => {
    await tab(page, 'Logs').click()
    const log = page.getByRole('log', { name: `Log of ${name}` })
    await expect(log).toContainText('berth: ready')
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('Berth: Ready')
    await expect(log.locator('mark')).toHaveText(['berth: ready'])
    await expect(page.getByRole('toolbar', { name: 'Log' })).toContainText('1 of 1')
    await button(page, 'Match case').click()
    await expect(page.getByRole('toolbar', { name: 'Log' })).toContainText('No match')
  })

  await test.step('it stops and starts again', async () => {
    await tab(page, 'Overview').click()
    await button(page, 'Stop').click()
    await expect(row(page, name, 'stopped')).toBeVisible({ timeout: READY_MS })
    await button(page, 'Start').click()
    await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
  })

  await test.step('its deletion names what is lost, and is done only when it is confirmed', async () => {
    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await expect(dialog(page).getByRole('listitem')).toHaveText([new RegExp(`workspace-${name}`), new RegExp(`workspace-${name}-docker`)])
    await button(dialog(page), 'Keep it').click()
    await expect(row(page, name, 'running')).toBeVisible()
    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await button(dialog(page), 'Delete').click()
    await expect(page.getByText(`Deleted ${name}`)).toBeVisible({ timeout: READY_MS })
    await expect(page.getByRole('link', { name: new RegExp(`^${name},`) })).toHaveCount(0)
    expect(await leftOnEngine(name)).toEqual([])
  })
})

async function shellSize(page: Page): Promise<{ rows: number; columns: number }> {
  const mark = uniqueName('size')
  await typeCommand(page, `clear; echo ${mark} $(stty size).`)
  const answer = new RegExp(`${mark} (\\d+) (\\d+)\\.`)
  await expect(terminalScreen(page)).toContainText(answer)
  const [, rows, columns] = answer.exec((await terminalScreen(page).textContent()) ?? '') ?? []
  return { rows: Number(rows), columns: Number(columns) }
}
