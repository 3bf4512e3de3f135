import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { accessibilityOf, button, dialog, openReadableTerminal, row, tab, terminalScreen } from './page-parts'

const file = (page: Page, name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name} `) })

/** Lets go of a file over an element, as from a file manager. */
async function drop(page: Page, selector: string, name: string, content: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName = '', text = '']) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([text], fileName))
      return transfer
    },
    [name, content],
  )
  await page.dispatchEvent(selector, 'dragover', { dataTransfer: data })
  await page.dispatchEvent(selector, 'drop', { dataTransfer: data })
}

test('files are looked at, uploaded, downloaded, renamed and deleted', async ({ page, berth }) => {
  const name = uniqueName('files')
  const folder = await mkdtemp(join(tmpdir(), 'berth-files-'))
  await berth.client.workspaces.start({ name, wait: true })
  const inside = async (line: string) => {
    const { stdout } = await berth.client.workspaces.exec({ workspace: name, command: ['sh', '-c', line], cwd: '/home/workspace' })
    return stdout.trim()
  }
  await inside('mkdir -p src/deep && echo "hello from inside" > src/deep/hello.txt')
  await row(page, name, 'running').click()
  await tab(page, 'Files').click()

  // With the keyboard, into a folder that is read when it is opened.
  await page.getByRole('tree').focus()
  await expect(file(page, 'src')).toHaveAttribute('aria-selected', 'true')
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown']) {
    await page.keyboard.press(key)
    await expect(page.getByRole('tree').locator('.skeleton')).toHaveCount(0)
  }
  await expect(page.getByRole('region', { name: 'Preview of hello.txt' })).toContainText('hello from inside')
  expect((await accessibilityOf(page).analyze()).violations).toEqual([])

  await page.keyboard.press('F2')
  await dialog(page).getByLabel('New name').fill('it is “quoted”.txt')
  await page.keyboard.press('Enter')
  await expect(file(page, 'it is “quoted”.txt')).toHaveAttribute('aria-selected', 'true')
  const saved = page.waitForEvent('download')
  await button(page, 'Download').click()
  const download = await saved
  expect(download.suggestedFilename()).toBe('it is “quoted”.txt')
  expect(await readFile(await download.path(), 'utf8')).toBe('hello from inside\n')

  await writeFile(join(folder, 'big.bin'), Buffer.alloc(3_000_000, 7))
  await page.getByLabel('Files to upload').setInputFiles(join(folder, 'big.bin'))
  await expect(file(page, 'big.bin')).toBeVisible()
  expect(await inside('stat -c "%s %U" src/deep/big.bin')).toBe('3000000 workspace')
  await page.getByLabel('Files to upload').setInputFiles(join(folder, 'big.bin'))
  await button(page, 'Replace big.bin').click()
  await expect(page.getByRole('region', { name: 'Uploads' }).getByText('Uploaded')).toHaveCount(2)
  await drop(page, '[data-path="/home/workspace/src"]', 'dropped.txt', 'dropped')
  await expect(file(page, 'dropped.txt')).toBeVisible()
  expect(await inside('cat src/dropped.txt')).toBe('dropped')

  await file(page, 'dropped.txt').click()
  await button(page, 'Delete').click()
  await button(dialog(page), 'Delete').click()
  await expect(file(page, 'dropped.txt')).toBeHidden()
  expect(await inside('ls src')).toBe('deep')

  // On a terminal, the path of what was dropped is typed.
  await openReadableTerminal(page)
  await drop(page, '[data-session] .terminal-host', "it's.txt", 'in the terminal')
  await expect(terminalScreen(page)).toContainText("'/home/workspace/uploads/it'\\''s.txt'")
  expect(await inside('cat uploads/*')).toBe('in the terminal')
  await rm(folder, { recursive: true })
})
