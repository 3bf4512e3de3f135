import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test as withBerth } from './berth-fixture'
import { type Berth, uniqueName } from './berth-process'
import {
  accessibilityOf,
  button,
  createWorkspace,
  dialog,
  fillNewWorkspace,
  heading,
  openReadableTerminal,
  READY_MS,
  tab,
  terminalScreen,
  typeCommand,
} from './page-parts'

const test = withBerth.extend<{ place: 'container' | 'host' }>({ alone: true, place: ['container', { option: true }] })

/** In the sidebar, in whatever place it is. */
const rowOf = (page: Page, name: string, status: string) => page.getByRole('link', { name: new RegExp(`^${name}( host)?, ${status}$`) })

async function create(page: Page, place: 'container' | 'host', name: string): Promise<void> {
  if (place === 'container') return createWorkspace(page, name)
  const opened = await fillNewWorkspace(page, name)
  await opened.getByRole('radio', { name: 'Folder of this machine' }).click()
  await opened.getByRole('switch', { name: 'I understand that it is not isolated' }).click()
  await button(opened, 'Create').click()
  await expect(opened).toBeHidden()
}

/** Where its files are, as its programs see it. */
async function folderOf({ client }: Berth, name: string): Promise<string> {
  return (await client.workspaces.get({ workspace: name })).host?.folder ?? '/home/workspace'
}

// The same for each place that a workspace can live in.
for (const place of ['container', 'host'] as const) {
  test.describe(`in the place “${place}”`, () => {
    test.use({
      place,
      // A host workspace needs no engine, and gets none.
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
      settings: async ({}, use) => use(place === 'host' ? { engineEndpoint: 'unix:///nonexistent/berth.sock' } : {}),
    })

    test('a workspace is created, worked in, cloned, stopped and deleted', async ({ page, berth }) => {
      const [name, copy] = [uniqueName('place'), uniqueName('copy')]
      const folder = async () => folderOf(berth, name)

      await test.step('it is created by the dialog', async () => {
        await create(page, place, name)
        await expect(heading(page, name)).toBeVisible()
        await expect(rowOf(page, name, 'running')).toBeVisible({ timeout: READY_MS })
      })
      await test.step('its terminal takes what is typed', async () => {
        await openReadableTerminal(page)
        await typeCommand(page, 'echo $((6 * 7)) > answer; pwd; echo done')
        await expect(terminalScreen(page)).toContainText('done')
      })
      await test.step('what runs in it is listed', async () => {
        await typeCommand(page, 'sleep 4321 &')
        await expect(terminalScreen(page)).toContainText('sleep 4321')
        await tab(page, 'Overview').click()
        const processes = page.getByRole('region', { name: 'Processes', exact: true })
        await button(processes, 'Show').click()
        await expect(async () => {
          await button(processes, 'Refresh processes').click()
          await expect(processes.getByRole('row', { name: 'sleep 4321' })).toBeVisible({ timeout: 1000 })
        }).toPass()
        expect((await accessibilityOf(page).analyze()).violations).toEqual([])
      })
      await test.step('commands run in it', async () => {
        const { stdout, exitCode } = await berth.client.workspaces.exec({ workspace: name, command: ['cat', `${await folder()}/answer`] })
        expect([stdout, exitCode]).toEqual(['42\n', 0])
      })
      await test.step('its files are shown', async () => {
        await tab(page, 'Files').click()
        await page.getByRole('treeitem', { name: /^answer/ }).click()
        await expect(page.getByText('42', { exact: true })).toBeVisible()
      })
      await test.step('its log tells how it was made', async () => {
        await tab(page, 'Logs').click()
        await expect(page.getByRole('log')).not.toBeEmpty()
      })
      await test.step('its variables and its init script are changed in the settings', async () => {
        await berth.client.workspaces.update({ workspace: name, env: { GREETING: 'hi' }, initScript: 'echo $GREETING > greeting' })
        await tab(page, 'Settings').click()
        await button(page, 'Run again').click()
        const { stdout } = await berth.client.workspaces.exec({ workspace: name, command: ['sh', '-c', 'echo $GREETING'] })
        expect(stdout).toBe('hi\n')
      })
      await test.step('a clone of it has its files', async () => {
        await expect(button(page, 'Clone')).toBeEnabled()
        await button(page, 'Clone').click()
        await dialog(page).getByLabel('Name of the clone').fill(copy)
        await button(dialog(page), 'Clone').click()
        await expect(rowOf(page, copy, 'running')).toBeVisible({ timeout: READY_MS })
        const answer = `${await folderOf(berth, copy)}/answer`
        expect((await berth.client.workspaces.exec({ workspace: copy, command: ['cat', answer] })).stdout).toBe('42\n')
      })
      await test.step('it stops and starts again', async () => {
        await rowOf(page, name, 'running').click()
        await button(page, 'Stop').click()
        await expect(rowOf(page, name, 'stopped')).toBeVisible({ timeout: READY_MS })
        await button(page, 'Start').click()
        await expect(rowOf(page, name, 'running')).toBeVisible({ timeout: READY_MS })
      })
      await test.step('it is deleted', async () => {
        await button(page, 'More actions').click()
        await page.getByRole('menuitem', { name: 'Delete…' }).click()
        await button(dialog(page), 'Delete').click()
        await expect(rowOf(page, name, 'running')).toHaveCount(0)
      })
    })
  })
}

test.describe('without any engine', () => {
  test.use({ settings: { engineEndpoint: 'unix:///nonexistent/berth.sock' } })

  test('the first run leads to a host workspace, which says that it is not isolated and offers only what it can do', async ({
    page,
    berth,
  }) => {
    const mine = join(berth.home, 'site')
    await mkdir(mine)
    await writeFile(join(mine, 'work.txt'), 'work')
    await button(page, 'Use a host workspace instead').click()
    const opened = dialog(page)
    await expect(opened.getByRole('radio', { name: 'Folder of this machine' })).toBeChecked()
    await opened.getByLabel('Name', { exact: true }).fill('site')
    await opened.getByLabel('Folder', { exact: true }).fill(mine)
    await expect(button(opened, 'Create')).toHaveAttribute('aria-disabled', 'true')
    expect((await accessibilityOf(page).analyze()).violations).toEqual([])
    await opened.getByRole('switch', { name: 'I understand that it is not isolated' }).click()
    await button(opened, 'Create').click()

    await expect(rowOf(page, 'site', 'running')).toBeVisible()
    await button(page, 'Done').click()
    await expect(page.getByRole('region', { name: 'Host workspace' })).toContainText('Not isolated.')
    expect((await accessibilityOf(page).analyze()).violations).toEqual([])
    await expect(page.getByRole('alert', { name: 'No Docker engine is responding' })).toHaveCount(0)
    await expect(page.getByRole('tab')).toHaveText(['Overview', 'Terminal', 'Logs', 'Files', 'Settings'])
    await button(page, 'More actions').click()
    await expect(page.getByRole('menuitem', { name: /^(Export|Rebuild|Make template|Copy ssh)/ })).toHaveCount(0)
    await page.keyboard.press('Escape')

    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await expect(dialog(page)).toContainText('Its folder stays.')
    await button(dialog(page), 'Delete').click()
    await expect(rowOf(page, 'site', 'running')).toHaveCount(0)
    expect(await readFile(join(mine, 'work.txt'), 'utf8')).toBe('work')
  })
})
