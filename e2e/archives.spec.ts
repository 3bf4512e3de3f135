import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, heading, READY_MS, row } from './page-parts'

test.use({ alone: true })

/** The system of a workspace is in its file too: to compress and to read that takes its time where others work. */
const ARCHIVE_MS = 3 * READY_MS

test('a workspace is exported to a file, and comes back from it under another name', async ({ page, berth }) => {
  test.slow()
  const name = uniqueName('export')
  const file = join(berth.home, `${name}.berth`)

  await test.step('the first run offers an import', async () => {
    await expect(page.getByRole('main').getByRole('button', { name: 'Import…' })).toBeVisible()
  })

  await berth.client.workspaces.start({ name, wait: true })
  const command = ['sh', '-c', 'echo carried > /home/workspace/note']
  await berth.client.workspaces.exec({ workspace: name, command })
  await row(page, name, 'running').click()

  await test.step('a path is proposed; what is there already is replaced only when that is asked for', async () => {
    await writeFile(file, 'an older one')
    await openExport()
    await expect(fileField(page)).toHaveValue(file)
    await expect(fileField(page)).toHaveAccessibleDescription(/^Full path( on the machine Berth runs on)?\.$/)
    await page.keyboard.press('Enter')
    await expect(dialog(page).getByRole('alert', { name: 'The file already exists' })).toBeVisible()
    expect(await readFile(file, 'utf8')).toBe('an older one')
    await button(dialog(page), 'Replace the file').click()
    await expect(dialog(page).getByRole('progressbar')).toBeVisible()
  })

  await test.step('its end is told with the path', async () => {
    const notice = page.getByRole('listitem').filter({ hasText: `Exported ${name}` })
    await expect(notice).toContainText(file, { timeout: ARCHIVE_MS })
    await expect(button(notice, 'Copy path')).toBeVisible()
    await expect(dialog(page)).toBeHidden()
    await expect(row(page, name, 'running')).toBeVisible()
  })

  await test.step('a path that is not whole is refused as it is typed', async () => {
    await openExport()
    await fileField(page).fill('here.berth')
    await expect(fileField(page)).toHaveAccessibleDescription('Enter the full path, starting at the root.')
    await expect(button(dialog(page), 'Export')).toBeDisabled()
    await page.keyboard.press('Escape')
  })

  await test.step('a file that is no archive is refused where it was typed', async () => {
    const broken = join(berth.home, 'broken.berth')
    await writeFile(broken, 'not an archive')
    await button(page, 'Import…').click()
    await fileField(page).fill(broken)
    await page.keyboard.press('Enter')
    await expect(dialog(page).getByRole('alert', { name: 'The file cannot be imported' })).toBeVisible()
  })

  await test.step('the right one is imported beside its source, which has the name already', async () => {
    await fileField(page).fill(file)
    await expect(dialog(page).getByRole('alert')).toHaveCount(0)
    await expect(dialog(page).getByLabel('Name', { exact: true })).toHaveValue(`${name}-2`)
    await button(dialog(page), 'Import').click()
    await expect(heading(page, `${name}-2`)).toBeVisible({ timeout: ARCHIVE_MS })
    await expect(row(page, `${name}-2`, 'running')).toBeVisible()
    const read = await berth.client.workspaces.exec({ workspace: `${name}-2`, command: ['cat', '/home/workspace/note'] })
    expect(read.stdout).toBe('carried\n')
  })

  async function openExport(): Promise<void> {
    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Export…' }).click()
  }
})

const fileField = (page: Page) => dialog(page).getByRole('textbox', { name: 'File' })
