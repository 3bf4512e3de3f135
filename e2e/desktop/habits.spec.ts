import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../berth-fixture'
import { connectTo, endAndRemove, makeHome, uniqueName } from '../berth-process'
import { clickMenu, type DesktopBerth, launchDesktop, quit, startOnceMore } from '../desktop-process'
import { dialog, heading } from '../page-parts'

const questions = ({ app }: Pick<DesktopBerth, 'app'>) => app.evaluate(() => globalThis.systemParts.questions.map(({ message }) => message))
const answer = ({ app }: Pick<DesktopBerth, 'app'>, button: string) =>
  app.evaluate((_, button) => globalThis.systemParts.questions.pop()?.answer(button), button)

test('links and files of another start are opened, and nothing is done without being asked @desktop-only', async ({ page, desktop }) => {
  const name = uniqueName('link')
  await desktop.client.workspaces.start({ name, wait: true })
  expect(await startOnceMore(desktop, `berth://workspace/${name}`)).toBe(0)
  await expect(heading(page, name)).toBeVisible()
  expect(await desktop.client.terminals.list({ workspace: name })).toEqual([])
  await startOnceMore(desktop, `berth://workspace/${name}/terminal`)
  await expect.poll(() => questions(desktop)).toEqual([`Open a terminal in ${name}?`])
  await answer(desktop, 'Cancel')
  expect(await desktop.client.terminals.list({ workspace: name })).toEqual([])
  await startOnceMore(desktop, 'berth://clone?url=https%3A%2F%2Fexample.com%2Fapp.git')
  await expect(dialog(page).getByLabel('Repository', { exact: true })).toHaveValue('https://example.com/app.git')
  await page.keyboard.press('Escape')
  const file = join(desktop.home, 'exported.berth')
  await writeFile(file, '')
  await startOnceMore(desktop, file)
  await expect(dialog(page).getByRole('textbox', { name: /File/ })).toHaveValue(file)
  await page.keyboard.press('Escape')
})

test('what fails while the window is hidden is notified, and a click leads there @desktop-only', async ({ page, desktop }) => {
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  const name = uniqueName('notice')
  await desktop.client.workspaces.start({ name, image: 'berth-no-such-image:latest', wait: true }).catch(() => undefined)
  const titles = () => desktop.app.evaluate(() => globalThis.systemParts.notifications.map(({ title }) => title))
  await expect.poll(titles).toContain(`Could not create ${name}`)
  await desktop.app.evaluate(() => globalThis.systemParts.notifications.at(-1)?.emit('click'))
  expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(true)
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
})

test('the first quit with a running workspace asks whether it keeps running, and no later one does @desktop-only', async () => {
  const home = await makeHome({})
  await rm(join(home, 'desktop/answers.json'))
  let child = null
  try {
    const first = await launchDesktop(home)
    child = first.child
    const { client, close } = await connectTo(home)
    const name = uniqueName('ask')
    await client.workspaces.start({ name, wait: true })
    await clickMenu(first.app, '&File', 'Quit')
    await expect.poll(() => questions(first)).toEqual(['Keep the running workspace running?'])
    await answer(first, 'Cancel')
    expect((await client.workspaces.get({ workspace: name })).running).toBe(true)
    await clickMenu(first.app, '&File', 'Quit')
    await expect.poll(() => questions(first)).toHaveLength(1)
    close()
    const ended = new Promise((resolve) => first.child.once('exit', resolve))
    await answer(first, 'Keep Running').catch(() => undefined)
    expect(await ended).toBe(0)
    const second = await launchDesktop(home)
    child = second.child
    expect(await quit(second)).toBe(0)
  } finally {
    if (child !== null) await endAndRemove(child, home)
  }
})
