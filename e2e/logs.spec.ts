import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, createWorkspace, READY_MS, row, tab } from './page-parts'

const LINES = 60_000
const MIDDLE = 'needle in the middle'

const log = (page: Page) => page.getByRole('log')
const searchField = (page: Page) => page.getByRole('searchbox', { name: 'Search in the log' })
const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Log' })

test('a long log is followed, searched, filtered, saved and read again', async ({ page, berth }) => {
  const name = uniqueName('logs')
  const write = (script: string) =>
    berth.client.workspaces.exec({ workspace: name, user: 'root', command: ['sh', '-c', `{ ${script}; } >/proc/1/fd/1`] })
  await createWorkspace(page, name)
  await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
  await write(
    `awk 'BEGIN{for(i=1;i<=${LINES};i++) if(i==${LINES / 2}) print "ERROR ${MIDDLE}"; else if(i%1000==0) print "WARN line " i; else print "INFO line " i}'`,
  )

  await test.step('the end is seen at once, and all of it is there soon after', async () => {
    await tab(page, 'Logs').click()
    await expect(log(page)).toContainText(`line ${LINES - 1}`)
    await expect(page.getByText(`${(LINES + 1).toLocaleString()} lines`)).toBeVisible({ timeout: READY_MS })
  })

  await test.step('new lines are followed, until one looks elsewhere', async () => {
    await write('echo here is more')
    await expect(log(page)).toContainText('here is more')
    await log(page).hover()
    await page.mouse.wheel(0, -2000)
    await expect(button(page, 'Follow')).toHaveAttribute('aria-pressed', 'false')
    const top = await log(page).locator('[data-number]').first().textContent()
    await write('echo not looked at')
    await expect(page.getByText(`${(LINES + 3).toLocaleString()} lines`)).toBeVisible()
    expect(await log(page).locator('[data-number]').first().textContent()).toBe(top)
    await log(page).focus()
    await page.keyboard.press('Home')
    await expect(log(page)).toContainText('berth: ready')
    await page.keyboard.press('End')
    await expect(log(page)).toContainText('not looked at')
    await expect(button(page, 'Follow')).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('a search goes to its matches, and says which one is shown', async () => {
    await searchField(page).fill(MIDDLE)
    await expect(log(page).locator('mark.log-match-current')).toHaveText(MIDDLE)
    await expect(toolbar(page)).toContainText('1 of 1')
    await button(page, 'Regular expression').click()
    await searchField(page).fill('line \\d*000$')
    await expect(toolbar(page)).toContainText(`of ${LINES / 1000 - 1}`)
    const first = await log(page).locator('mark.log-match-current').textContent()
    await searchField(page).press('Enter')
    await expect(log(page).locator('mark.log-match-current')).not.toHaveText(first ?? '')
    await searchField(page).fill('(')
    await expect(toolbar(page)).toContainText('Not a valid pattern')
  })

  await test.step('a pattern without an end is ended, and the log is still there', async () => {
    await write(`echo ${'a'.repeat(60)}b`)
    await searchField(page).fill('(a+)+$')
    await expect(toolbar(page)).toContainText('The pattern takes too long', { timeout: 20_000 })
    await searchField(page).fill('needle')
    await expect(toolbar(page)).toContainText('1 of 1')
    await searchField(page).press('Escape')
  })

  await test.step('levels and matches leave out the rest; what is shown is saved', async () => {
    await page.getByLabel('Level').selectOption('Warnings, errors')
    await expect(page.getByText(`${LINES / 1000} of ${(LINES + 4).toLocaleString()} lines`)).toBeVisible()
    const download = page.waitForEvent('download')
    await button(page, 'Save the log').click()
    await page.getByRole('menuitem', { name: 'Save the lines shown' }).click()
    const saved = await readFile(await (await download).path(), 'utf8')
    expect(saved.trim().split('\n')).toHaveLength(LINES / 1000)
    expect(saved).toContain(MIDDLE)
    await page.getByLabel('Level').selectOption('All levels')
    await button(page, 'Show only lines that match').click()
    await searchField(page).fill(MIDDLE)
    await expect(page.getByText(`1 of ${(LINES + 4).toLocaleString()} lines`)).toBeVisible()
    await searchField(page).press('Escape')
    await button(page, 'Show only lines that match').click()
  })

  await test.step('a time is jumped to', async () => {
    await button(page, 'Jump to a time').click()
    await page.getByLabel('First line from').fill('2020-01-01T00:00:00')
    await button(page, 'Jump').click()
    await expect(log(page)).toContainText('berth: ready')
  })

  await test.step('cleared, it shows what comes; other logs are a choice away', async () => {
    await button(page, 'Clear this view').click()
    await expect(page.getByText('Cleared', { exact: true })).toBeVisible()
    await write('echo after the clearing')
    await expect(log(page).locator('[data-number]')).toHaveText([/after the clearing/])
    await page.getByLabel('Source', { exact: true }).selectOption('ssh')
    await expect(log(page)).toContainText('Server listening on')
    await page.getByLabel('Source', { exact: true }).selectOption('build')
    await expect(log(page)).toContainText('Create container')
  })
})
