import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import { type Berth, uniqueName } from './berth-process'
import { accessibilityOf, button, dialog, heading, READY_MS, row } from './page-parts'

const LEVEL_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

test.use({ alone: true })

function put(berth: Berth, path: string, text: string): void {
  const file = join(berth.home, 'library', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Who commits: the home folder is the test’s own. */
const knowAuthor = (berth: Berth) => writeFileSync(join(berth.home, '.gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.com\n')

async function openLibrary(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Library', exact: true }).click()
  await expect(heading(page, 'Library')).toBeVisible()
}

const entries = (page: Page) => page.getByRole('navigation', { name: 'Library' })
const state = (page: Page) => page.getByRole('region', { name: 'State of the library' })
const editor = (page: Page, path: string) => page.getByRole('textbox', { name: `Text of ${path}` })

async function checkAccessibility(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator(`html[data-theme=${colorScheme}]`)).toBeAttached()
    const { violations } = await accessibilityOf(page).withTags(LEVEL_AA).analyze()
    expect(violations, `${where}, ${colorScheme}`).toEqual([])
    if (process.env.BERTH_SCREENSHOTS) await page.screenshot({ path: join(process.env.BERTH_SCREENSHOTS, `${where}-${colorScheme}.png`) })
  }
}

/** Nothing of the page is wider than its place. */
async function expectToFit(page: Page): Promise<void> {
  const wide = await page.evaluate(() =>
    [document.documentElement, document.body, ...document.querySelectorAll('aside, main, main .overflow-y-auto')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, className }) => `${tagName} ${className}`),
  )
  expect(wide).toEqual([])
}

test('a library is made, changed, checked as it is typed, and committed', async ({ page, berth }) => {
  test.slow()
  knowAuthor(berth)
  await openLibrary(page)
  await expect(page.getByText('No library yet')).toBeVisible()
  await checkAccessibility(page, 'library-none')
  await button(page, 'Create the starter library').click()
  await expect(button(entries(page), 'fullstack')).toBeVisible()
  await expect(state(page)).toContainText('Everything is committed.')
  await expect(page.getByRole('list', { name: 'Commits' })).toContainText('Begin with the starter library')

  const file = 'workspace-template/node.json'
  await test.step('what is wrong is said at its line while it is typed', async () => {
    await button(entries(page), 'node').click()
    const text = editor(page, file)
    await expect(text).toContainText('NODE_ENV')
    await text.fill('{\n  "distor": "debian-bookworm"\n}\n')
    await expect(page.locator('.cm-lintRange-error')).toHaveText('"debian-bookworm"')
    await expect(page.getByRole('list', { name: 'Problems of the text' })).toContainText(
      'Line 2, distor: Unknown field “distor”. Did you mean “distro”?',
    )
    await expect(button(page, 'Save')).toBeEnabled()
    await expect(button(entries(page), 'node not saved')).toBeVisible()
    await checkAccessibility(page, 'library-editing')
  })

  await test.step('it is kept while another entry is looked at, and given up or saved', async () => {
    await button(entries(page), 'go').click()
    await expect(editor(page, 'workspace-template/go.json')).toContainText('GOPATH')
    await button(entries(page), 'node not saved').click()
    await expect(editor(page, file)).toContainText('distor')
    await button(page, 'Discard').click()
    await expect(editor(page, file)).toContainText('NODE_ENV')
    await editor(page, file).fill('{\n  "name": "Node",\n  "env": { "NODE_ENV": "test" }\n}\n')
    await page.keyboard.press('Control+s')
    await expect(state(page)).toContainText('1 file has uncommitted changes')
    expect(readFileSync(join(berth.home, 'library', file), 'utf8')).toContain('"NODE_ENV": "test"')
  })

  await test.step('nothing of somebody else’s is overwritten', async () => {
    await editor(page, file).fill('{ "name": "Mine" }\n')
    put(berth, file, '{ "name": "Theirs" }\n')
    await expect(page.getByText('The file has changed since you started editing')).toBeVisible()
    await button(page, 'Save').click()
    await expect(page.getByText('The file was changed elsewhere')).toBeVisible()
    expect(readFileSync(join(berth.home, 'library', file), 'utf8')).toBe('{ "name": "Theirs" }\n')
    await button(page, 'Discard').click()
    await expect(editor(page, file)).toContainText('Theirs')
  })

  await test.step('changes are compared with the last commit, and committed', async () => {
    await page.getByRole('radio', { name: 'Changes' }).click()
    await expect(page.getByRole('textbox', { name: `Changes of ${file}` })).toContainText('Theirs')
    await expect(page.locator('.cm-deletedChunk').first()).toContainText('Node.js')
    await checkAccessibility(page, 'library-diff')
    await button(state(page), 'Commit').click()
    await page.getByLabel('Message').fill('Rename the template')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('list', { name: 'Commits' })).toContainText('Rename the template')
    await expect(state(page)).toContainText('Everything is committed.')
  })

  await test.step('what is broken is marked, and others go on', async () => {
    put(berth, 'workspace-template/broken.json', '{\n  "limits": {\n}')
    put(berth, 'skill/python-dev/SKILL.md', '---\nname: python-dev\ndescription: Helps with Python\n---\n# How\n')
    await button(entries(page), 'broken has problems').click()
    await expect(page.getByRole('list', { name: 'Problems' })).toContainText('Line 3: It is not JSON')
    await button(entries(page), 'python-dev').click()
    await expect(editor(page, 'skill/python-dev/SKILL.md')).toContainText('Helps with Python')
    await checkAccessibility(page, 'library-skill')
    await page.getByLabel('Filter the library').fill('pyt')
    // One of them by its description.
    await expect(entries(page).getByRole('list').getByRole('button')).toHaveText(['fullstack', 'python', 'python-dev'])
    await page.getByLabel('Filter the library').fill('')
  })

  await test.step('a new one begins with something', async () => {
    await button(page, 'New').click()
    await page.getByRole('menuitem', { name: 'Skill…' }).click()
    await dialog(page).getByLabel('Name').fill('python-dev')
    await expect(dialog(page)).toContainText('There is a skill of this name already.')
    await dialog(page).getByLabel('Name').fill('docker')
    await button(dialog(page), 'Create').click()
    await expect(editor(page, 'skill/docker/SKILL.md')).toContainText('name: docker')
  })

  for (const size of [
    { width: 720, height: 480 },
    { width: 1280, height: 800 },
  ]) {
    await page.setViewportSize(size)
    await expect(button(page, 'Save')).toBeInViewport({ ratio: 1 })
    await expectToFit(page)
    if (process.env.BERTH_SCREENSHOTS) await page.screenshot({ path: join(process.env.BERTH_SCREENSHOTS, `library-${size.width}.png`) })
  }
})

test('a merge with conflicts is shown, and taken back', async ({ page, berth }) => {
  knowAuthor(berth)
  const git = (folder: string, ...command: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@x', '-C', join(berth.home, folder), ...command], { stdio: 'pipe' })
  const file = 'workspace-template/shared.json'
  const commit = (folder: string, name: string) => {
    mkdirSync(join(berth.home, folder, 'workspace-template'), { recursive: true })
    writeFileSync(join(berth.home, folder, file), `{ "name": "${name}" }\n`)
    git(folder, 'add', '--all')
    git(folder, 'commit', '--quiet', '-m', name)
  }
  git('.', 'init', '--quiet', '--bare', '--initial-branch=main', 'remote.git')
  git('.', 'clone', '--quiet', 'remote.git', 'colleague')
  commit('colleague', 'First')
  git('colleague', 'push', '--quiet', 'origin', 'HEAD:main')
  await openLibrary(page)
  await button(page, 'Clone a library…').click()
  await dialog(page).getByLabel('Repository').fill(join(berth.home, 'remote.git'))
  await button(dialog(page), 'Clone').click()
  await expect(button(entries(page), 'shared')).toBeVisible()
  commit('colleague', 'Theirs')
  git('colleague', 'push', '--quiet', 'origin', 'HEAD:main')
  commit('library', 'Mine')
  await expect(state(page)).toContainText('1 commit is not pushed yet.')
  await button(state(page), 'Pull').click()
  await expect(page.getByText('The library cannot do this now', { exact: true })).toBeVisible()
  await expect(state(page)).toContainText('1 commit to push, 1 to pull')
  await button(state(page), 'Pull and merge').click()
  await expect(state(page)).toContainText('some files have conflicts')
  await expect(page.getByRole('button', { name: `${file} conflict` })).toBeVisible()
  await checkAccessibility(page, 'library-conflict')
  await button(state(page), 'Abort the merge').click()
  await expect(button(state(page), 'Pull and merge')).toBeVisible()
  expect(readFileSync(join(berth.home, 'library', file), 'utf8')).toBe('{ "name": "Mine" }\n')
})

test('a workspace is made from a template of the library, and brought in line when that changes', async ({ page, berth }) => {
  test.slow()
  const name = uniqueName('library')
  put(berth, 'workspace-template/shop.json', '{ "name": "shop", "description": "For the shop", "label": "The shop" }\n')
  await openLibrary(page)
  await button(entries(page), 'shop').click()
  await button(page.getByRole('main'), 'New workspace').click()
  await expect(dialog(page).getByLabel('Template')).toHaveValue('library:shop')
  await dialog(page).getByLabel('Name', { exact: true }).fill(name)
  await checkAccessibility(page, 'library-new-workspace')
  await button(dialog(page), 'Create').click()
  await expect(row(page, `${name} The shop`, 'running')).toBeVisible({ timeout: READY_MS })
  put(berth, 'workspace-template/shop.json', '{ "name": "shop", "label": "Another shop" }\n')
  await row(page, `${name} The shop`, 'running').click()
  await expect(page.getByText('changed since: Label')).toBeVisible()
  await checkAccessibility(page, 'library-drift')
  await button(page, 'Apply…').click()
  await expect(dialog(page).getByRole('list', { name: 'Changes' })).toContainText('Another shop')
  await checkAccessibility(page, 'library-apply')
  await button(dialog(page), 'Apply').click()
  await expect(row(page, `${name} Another shop`, 'running')).toBeVisible()
  await expect(page.getByText('changed since')).toBeHidden()

  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Save as template of the library…' }).click()
  await dialog(page).getByLabel('Name').fill('saved')
  await button(dialog(page), 'Save').click()
  await button(page, 'Show the library').click()
  await expect(button(entries(page), 'saved')).toBeVisible()
})
