import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { type EngineProxy, startEngineProxy } from '../test/support/engine-proxy'
import { makePerryWorkspace } from '../test/support/perry-workspace'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, dialog, heading, READY_MS, row } from './page-parts'

test.use({ alone: true })

const step = (page: Page, title: string, state: 'done' | 'to do now' | 'to do later'): Locator =>
  page.getByRole('list', { name: 'Steps' }).getByRole('button', { name: new RegExp(`^Step \\d, ${state}: ${title}`) })

const waysToBegin = (page: Page): Locator => page.getByRole('list', { name: 'Ways to begin' })

test('three steps lead to the first workspace and the ways into it', async ({ page, berth }) => {
  const name = uniqueName('first')

  await test.step('the engine is found, so the workspace is next', async () => {
    await expect(heading(page, 'Get started with Berth')).toBeVisible()
    await expect(step(page, 'Docker engine', 'done')).toContainText(/Docker \d+/)
    await expect(step(page, 'Your first workspace', 'to do now')).toHaveAttribute('aria-expanded', 'true')
    await step(page, 'Docker engine', 'done').click()
    await expect(page.getByText('/var/run/docker.sock').first()).toBeVisible()
    await step(page, 'Your first workspace', 'to do now').click()
  })

  await test.step('each way opens the dialog with what it is about', async () => {
    await expect(waysToBegin(page).getByRole('button', { name: /^From a template/ })).toHaveCount(0)
    await waysToBegin(page)
      .getByRole('button', { name: /^Repository/ })
      .click()
    await expect(dialog(page).getByLabel('Repository', { exact: true })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(waysToBegin(page).getByRole('button', { name: /^Repository/ })).toBeFocused()
    await waysToBegin(page)
      .getByRole('button', { name: /^Folder/ })
      .click()
    await expect(dialog(page).getByRole('radio', { name: 'Folder of this machine' })).toBeChecked()
    await page.keyboard.press('Escape')
  })

  await test.step('an empty one is made while the screen stays, and shows how it goes', async () => {
    await waysToBegin(page)
      .getByRole('button', { name: /^Empty/ })
      .click()
    await dialog(page).getByLabel('Name', { exact: true }).fill(name)
    await page.keyboard.press('Enter')
    const main = page.getByRole('main')
    await expect(main.getByRole('progressbar')).toBeVisible()
    await expect(main.getByRole('link', { name: new RegExp(name) })).toBeVisible()
    await expect(step(page, 'Your first workspace', 'done')).toContainText(`${name}: running`, { timeout: READY_MS })
    await expect(step(page, 'Your first workspace', 'done')).toBeFocused()
    await expect(step(page, 'Editor and SSH', 'to do now')).toHaveAttribute('aria-expanded', 'true')
  })

  await test.step('one click lets ssh and editors know it', async () => {
    const main = page.getByRole('main')
    const line = `Include ${join(berth.home, 'ssh/config')}`
    await expect(main.getByText(line)).toBeVisible()
    await button(main, 'Add the line').click()
    await expect(step(page, 'Editor and SSH', 'done')).toHaveAttribute('aria-expanded', 'true')
    expect(await readFile(join(berth.home, '.ssh/config'), 'utf8')).toBe(`${line}\n`)
    await expect(main.getByText(`ssh ${name}.berth`)).toBeVisible()
    await page.evaluate(() => {
      window.open = (url) => {
        document.title = String(url)
        return null
      }
    })
    await button(main, 'Open in VS Code').click()
    await expect(page).toHaveTitle(`vscode://vscode-remote/ssh-remote+${name}.berth/home/workspace`)
  })

  await test.step('when all is done, home is the workspace; the palette and the help bring the steps back', async () => {
    await button(page, 'Done').click()
    await expect(heading(page, name)).toBeVisible()
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('What to do?').fill('get started')
    await page.getByRole('option', { name: 'Get started' }).click()
    await expect(step(page, 'Your first workspace', 'done')).toBeVisible()
    await step(page, 'Your first workspace', 'done').click()
    await page
      .getByRole('main')
      .getByRole('link', { name: new RegExp(name) })
      .click()
    await expect(row(page, name, 'running')).toHaveAttribute('aria-current', 'page')
    await page.keyboard.press('Shift+?')
    await button(dialog(page), 'Get started').click()
    await expect(heading(page, 'Get started with Berth')).toBeVisible()
  })
})

test('it is skipped once and for all', async ({ page }) => {
  await button(page, 'Skip').click()
  await expect(page.getByRole('heading', { name: /^A workspace is its own development machine/ })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: /^A workspace is its own development machine/ })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Examples' }).getByRole('button')).toHaveCount(3)
})

test('templates of the library and workspaces of Perry are offered when there are any', async ({ page, berth }) => {
  await writeFile(join(berth.home, '.gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.com\n')
  await expect(waysToBegin(page)).toBeVisible()
  await berth.client.library.init()
  const fromTemplate = waysToBegin(page).getByRole('button', { name: /^From a template \d+ templates/ })
  await fromTemplate.click()
  await expect(dialog(page).getByLabel('Template', { exact: true })).toHaveValue(/^library:/)
  await page.keyboard.press('Escape')

  const perry = await makePerryWorkspace({ name: uniqueName('perry'), port: 32_000 + Math.floor(Math.random() * 1000), start: false })
  try {
    // There may be others on the engine.
    await waysToBegin(page)
      .getByRole('button', { name: /^Adopt from Perry/ })
      .click()
    await expect(dialog(page).getByRole('heading', { name: /^Adopt / })).toBeVisible()
    await page.keyboard.press('Escape')
  } finally {
    await perry.remove()
  }
})

const withProxy = test.extend<{ engine: EngineProxy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  engine: async ({}, use) => {
    const proxy = await startEngineProxy()
    proxy.cut()
    await use(proxy)
    await proxy.close()
  },
  settings: async ({ engine }, use) => use({ engineEndpoint: engine.endpoint }),
})

withProxy('without an engine it says how to get one, and goes on by itself as soon as one answers', async ({ page, engine }) => {
  await expect(step(page, 'Docker engine', 'to do now')).toHaveAttribute('aria-expanded', 'true')
  await expect(page.getByRole('heading', { name: 'No Docker engine is responding' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'What Berth tried' })).toContainText(engine.endpoint)
  await expect(page.getByRole('region', { name: 'What to do' }).getByRole('listitem')).not.toHaveCount(0)
  await engine.restore()
  await button(page, 'Try again').click()
  await expect(step(page, 'Docker engine', 'done')).toBeVisible()
  await expect(step(page, 'Your first workspace', 'to do now')).toHaveAttribute('aria-expanded', 'true')
})

withProxy('a host workspace does without an engine', async ({ page, engine }) => {
  expect(engine.requests).toEqual([])
  await button(page, 'Use a host workspace instead').click()
  await dialog(page).getByLabel('Name', { exact: true }).fill('site')
  await dialog(page).getByRole('switch', { name: 'I understand that it is not isolated' }).click()
  await button(dialog(page), 'Create').click()
  await expect(step(page, 'Your first workspace', 'done')).toContainText('site: running')
  await expect(step(page, 'Docker engine', 'done')).toBeVisible()
})
