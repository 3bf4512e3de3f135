import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, READY_MS, row } from './page-parts'

test.use({ alone: true })

test('ssh is told of workspaces on consent only, from where it is wanted, and forgets them in the settings', async ({ page, berth }) => {
  const name = uniqueName('ssh')
  await berth.client.workspaces.start({ name, wait: true })
  await row(page, name, 'running').click({ timeout: READY_MS })
  const card = page.getByRole('region', { name: 'SSH' })
  await expect(card).toContainText('ssh -F')
  const userFile = join(berth.home, '.ssh/config')

  await button(card, 'Open in VS Code').click()
  await expect(dialog(page)).toContainText(`Include ${join(berth.home, 'ssh/config')}`)
  await button(dialog(page), 'Cancel').click()
  await expect(readFile(userFile)).rejects.toThrow('ENOENT')

  await button(card, `Use “ssh ${name}.berth”…`).click()
  await button(dialog(page), 'Add the line').click()
  await expect(card.getByText(`ssh ${name}.berth`, { exact: true })).toBeVisible()
  expect(await readFile(userFile, 'utf8')).toBe(`Include ${join(berth.home, 'ssh/config')}\n`)

  await page.evaluate(() => {
    window.open = (url) => {
      document.title = String(url)
      return null
    }
  })
  await button(card, 'Open in VS Code').click()
  await expect(page).toHaveTitle(`vscode://vscode-remote/ssh-remote+${name}.berth/home/workspace`)

  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('switch', { name: 'Names for ssh' }).click()
  await expect(page.getByRole('switch', { name: 'Names for ssh' })).not.toBeChecked()
  expect(await readFile(userFile, 'utf8')).toBe('')
})
