import { expect, test } from './berth-fixture'
import { type Berth, uniqueName } from './berth-process'
import { button, dialog, heading, READY_MS, row, tab } from './page-parts'

test('a clone goes on from the dialog: its source runs on, says that it is being cloned, and cannot be stopped meanwhile', async ({
  page,
  berth,
}) => {
  const name = uniqueName('source')
  await berth.client.workspaces.start({ name, wait: true })
  await run(berth, name, 'echo kept > kept; head -c 150000000 /dev/urandom > weight; nohup sleep 600 > /dev/null 2>&1 &')
  const before = await berth.client.workspaces.get({ workspace: name })
  await row(page, name, 'running').click()

  await button(page, 'Clone').click()
  await expect(dialog(page).getByLabel('Name of the clone')).toHaveValue(`${name}-2`)
  await page.keyboard.press('Enter')
  await expect(row(page, name, 'running, being cloned')).toBeVisible()
  await expect(button(page, 'Stop')).toBeDisabled()
  await button(page, 'More actions').click()
  await expect(page.getByRole('menuitem', { name: 'Rename…' })).toBeDisabled()
  await expect(page.getByRole('menuitem', { name: 'Clone…' })).toBeEnabled()
  await page.keyboard.press('Escape')

  await expect(row(page, `${name}-2`, 'running')).toBeVisible({ timeout: READY_MS })
  await expect(row(page, name, 'running')).toBeVisible()
  await expect(button(page, 'Stop')).toBeEnabled()
  expect(await run(berth, `${name}-2`, 'cat kept')).toBe('kept\n')
  expect(await run(berth, name, 'pgrep -c sleep')).not.toBe('0\n')
  expect((await berth.client.workspaces.get({ workspace: name })).startedAt).toBe(before.startedAt)
})

test('Alt-click on Clone asks nothing and takes the next free name', async ({ page, berth }) => {
  const name = uniqueName('quick')
  await berth.client.workspaces.start({ name, wait: true })
  await row(page, name, 'running').click()
  await button(page, 'Clone').click({ modifiers: ['Alt'] })
  await expect(row(page, `${name}-2`, 'running')).toBeVisible({ timeout: READY_MS })
  await expect(dialog(page)).toHaveCount(0)
})

test('a snapshot is taken, restored and deleted; the state before a restore is kept, and named', async ({ page, berth }) => {
  const name = uniqueName('snap')
  await berth.client.workspaces.start({ name, wait: true })
  await run(berth, name, 'echo first > state')
  await row(page, name, 'running').click()
  await tab(page, 'Snapshots').click()
  await page.getByRole('textbox', { name: 'Name of the new snapshot, optional' }).fill('before')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('rowheader', { name: 'before', exact: true })).toBeVisible({ timeout: READY_MS })
  await expect(row(page, name, 'running')).toBeVisible()
  await run(berth, name, 'echo second > state')

  await button(page, 'Restore before').click()
  await button(dialog(page), 'Stop and restore').click()
  await tab(page, 'Overview').click()
  const notice = page
    .getByRole('region', { name: /^Notices/ })
    .getByRole('listitem')
    .filter({ hasText: `Restored ${name}` })
  await expect(notice).toContainText('The state before is kept as the snapshot', { timeout: READY_MS })
  expect(await run(berth, name, 'cat state')).toBe('first\n')
  await button(notice, 'Show snapshots').click()
  await expect(page.getByRole('rowheader', { name: 'automatic' })).toHaveCount(1)

  await button(page, 'More actions on before').click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await button(dialog(page), 'Delete').click()
  await expect(page.getByRole('rowheader', { name: 'before', exact: true })).toHaveCount(0, { timeout: READY_MS })
})

test('a template is made of a workspace that runs, and a workspace of the template', async ({ page, berth }) => {
  const name = uniqueName('model')
  await berth.client.workspaces.start({ name, wait: true })
  await run(berth, name, 'echo model > origin')
  await row(page, name, 'running').click()
  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Make template' }).click()
  await button(dialog(page), 'Stop and make template').click()
  await expect(row(page, name, 'template')).toBeVisible({ timeout: READY_MS })

  await button(page, 'New from template').click()
  await expect(dialog(page).getByLabel('Name', { exact: true })).toHaveValue(`${name}-2`)
  await button(dialog(page), 'Create').click()
  await expect(row(page, `${name}-2`, 'running')).toBeVisible({ timeout: READY_MS })
  await expect(row(page, name, 'template')).toBeVisible()
  expect(await run(berth, `${name}-2`, 'cat origin')).toBe('model\n')
})

test('a new name and a label show everywhere, and the workspace runs on', async ({ page, berth }) => {
  const name = uniqueName('old')
  const renamed = uniqueName('new')
  await berth.client.workspaces.start({ name, wait: true })
  await row(page, name, 'running').click()
  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Rename…' }).click()
  await dialog(page).getByLabel('Name', { exact: true }).fill(renamed)
  await page.keyboard.press('Enter')
  await expect(heading(page, renamed)).toBeVisible({ timeout: READY_MS })
  await expect(page).toHaveURL(new RegExp(`#/workspace/${renamed}$`))
  await expect(row(page, renamed, 'running')).toBeVisible()

  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Set label…' }).click()
  await dialog(page).getByLabel('Label', { exact: true }).fill('to be tried')
  await page.keyboard.press('Enter')
  await expect(row(page, `${renamed} to be tried`, 'running')).toBeVisible()
})

async function run(berth: Berth, workspace: string, script: string): Promise<string> {
  const { stdout } = await berth.client.workspaces.exec({ workspace, command: ['sh', '-c', script], cwd: '/home/workspace' })
  return stdout
}
