import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../berth-fixture'
import { docker, endAndRemove, makeHome, uniqueName } from '../berth-process'
import { clickMenu, type DesktopBerth, launchDesktop, quit } from '../desktop-process'
import { heading } from '../page-parts'

test.use({ alone: true })

const isRunning = async (name: string) => (await docker.getContainer(`workspace-${name}`).inspect()).State.Running

/** Names of its events, from now to its end, which no test can ask it for any more. */
async function quitEvents({ app, child }: DesktopBerth, begin: () => Promise<void>): Promise<{ code: number | null; events: string[] }> {
  const events: string[] = []
  app.on('console', (message) => events.push(message.text()))
  await app.evaluate(({ app, BrowserWindow }) => {
    for (const name of ['before-quit', 'will-quit', 'quit']) app.on(name as 'quit', () => console.log(name))
    BrowserWindow.getAllWindows()[0]?.on('closed', () => console.log('closed'))
  })
  const ended = once(child, 'exit')
  await begin().catch(() => undefined)
  await ended
  return { code: child.exitCode, events }
}

test('quitting closes the window, the doors and the core, and leaves workspaces running @desktop-only', async ({ page, desktop }) => {
  const name = uniqueName('quit')
  await desktop.client.workspaces.start({ name, wait: true })
  await desktop.client.workspaces.stop({ workspace: name, wait: true })
  await expect(heading(page, 'Berth').or(page.getByText(name).first())).toBeVisible()
  // Under way when it quits: the core takes the time to bring it to its end.
  await desktop.client.workspaces.start({ name })
  const { code, events } = await quitEvents(desktop, () => clickMenu(desktop.app, '&File', 'Quit'))
  expect(code).toBe(0)
  expect(events).toEqual(['before-quit', 'closed', 'will-quit', 'quit'])
  expect(existsSync(join(desktop.home, 'door.json'))).toBe(false)
  const journal = join(desktop.home, 'operations')
  const entries = await Promise.all(
    (await readdir(journal)).filter((file) => file.endsWith('.json')).map((file) => readFile(join(journal, file), 'utf8')),
  )
  expect(entries.map((text) => JSON.parse(text).status)).not.toContain('running')
  expect(await isRunning(name)).toBe(true)
})

test('a signal that asks it to end is a quit, too, and leaves running what runs @desktop-only', async ({ desktop }) => {
  const name = uniqueName('quit')
  await desktop.client.workspaces.start({ name, wait: true })
  const { child } = desktop
  const ended = once(child, 'exit')
  process.kill(desktop.pid, 'SIGTERM')
  await ended
  expect(child.exitCode).toBe(0)
  expect(existsSync(join(desktop.home, 'door.json'))).toBe(false)
  expect(await isRunning(name)).toBe(true)
})

test.describe('with the setting', () => {
  test.use({ settings: { stopWorkspacesOnQuit: true } })

  test('workspaces are stopped when Berth quits @desktop-only', async ({ desktop }) => {
    const name = uniqueName('quit')
    await desktop.client.workspaces.start({ name, wait: true })
    expect(await quit(desktop)).toBe(0)
    expect(await isRunning(name)).toBe(false)
  })
})

test('the window opens where it was @desktop-only', async () => {
  const home = await makeHome({})
  const bounds = { x: 120, y: 80, width: 900, height: 640 }
  let child = null
  try {
    const first = await launchDesktop(home)
    child = first.child
    await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), bounds)
    expect(await quit(first)).toBe(0)
    const second = await launchDesktop(home)
    child = second.child
    expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toEqual(bounds)
    expect(await quit(second)).toBe(0)
  } finally {
    if (child !== null) await endAndRemove(child, home)
  }
})
