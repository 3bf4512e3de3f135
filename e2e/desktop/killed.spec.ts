import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from '../berth-fixture'
import { docker, endAndRemove, uniqueName } from '../berth-process'
import { type DesktopBerth, launchDesktop } from '../desktop-process'
import { heading, READY_MS } from '../page-parts'

test.use({ alone: true })

/** Processes that descend from this one and have the text in their command line. */
async function descendants(ancestor: number, text: string): Promise<number[]> {
  const parents = new Map<number, number>()
  const commands = new Map<number, string>()
  for (const entry of (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name))) {
    const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '')
    parents.set(Number(entry), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0))
    commands.set(Number(entry), await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => ''))
  }
  const descends = (pid: number): boolean => pid === ancestor || (pid > 1 && descends(parents.get(pid) ?? 0))
  return [...commands].flatMap(([pid, command]) => (command.includes(text) && descends(pid) ? [pid] : []))
}

/** Playwright gives a page up whose process has ended: what is in the window now is read past it. */
function inWindow<Value>({ app }: DesktopBerth, code: string): Promise<Value> {
  return app.evaluate(({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code), code)
}

test('when the process of the page is killed, terminals go on, and the window comes back with their screens @desktop-only', async ({
  page,
  desktop,
}) => {
  const name = uniqueName('crash')
  await desktop.client.workspaces.start({ name, wait: true })
  await page.evaluate((hash) => location.assign(hash), `#/workspace/${name}/terminal`)
  const input = page.locator('.xterm-helper-textarea')
  await expect(input).toBeFocused({ timeout: READY_MS })
  await input.pressSequentially('echo before-$((40+2)); for i in $(seq 1 10000); do echo $i > ~/count; sleep 0.1; done &\n')
  await expect(page.locator('.xterm-rows')).toContainText('before-42')
  const count = async () => {
    const { stdout } = await desktop.client.workspaces.exec({ workspace: name, command: ['cat', '/home/workspace/count'] })
    return Number(stdout)
  }
  const before = await count()
  const [session] = await desktop.client.terminals.list({ workspace: name })
  await inWindow(desktop, 'globalThis.isTheFirst = true')
  const renderers = await descendants(desktop.pid, '--type=renderer')
  expect(renderers.length).toBeGreaterThan(0)
  for (const pid of renderers) process.kill(pid, 'SIGKILL')
  await expect
    .poll(() => inWindow(desktop, '[globalThis.isTheFirst, document.body.innerText].join()').catch(() => ''), { timeout: READY_MS })
    .toMatch(/^,[\s\S]*The window crashed and was reloaded/)
  await expect.poll(() => inWindow(desktop, 'document.querySelector(".xterm-rows")?.innerText ?? ""')).toContain('before-42')
  expect(await inWindow(desktop, 'location.hash')).toBe(`#/workspace/${name}/terminal`)
  expect((await desktop.client.terminals.list({ workspace: name })).map(({ id, status }) => [id, status])).toEqual([
    [session?.id, 'running'],
  ])
  expect(await count()).toBeGreaterThan(before)
  // The one that is there can be typed in, and menus reach it.
  await desktop.app.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items.find(({ label }) => label === '&File')
    file?.submenu?.items.find(({ label }) => label === 'New Workspace…')?.click()
  })
  await expect.poll(() => inWindow(desktop, 'document.querySelector("[role=dialog]")?.innerText ?? ""')).toContain('New workspace')
})

test('when Berth itself is killed, workspaces go on, and the next start says what was interrupted @desktop-only', async ({ desktop }) => {
  const { client, home, child } = desktop
  const [name, copy] = [uniqueName('killed'), uniqueName('copy')]
  await client.workspaces.start({ name, wait: true })
  await client.workspaces.exec({ workspace: name, command: ['bash', '-c', 'head -c 400M /dev/urandom > ~/large'] })
  await client.workspaces.clone({ workspace: name, name: copy })
  await expect
    .poll(async () =>
      (await client.operations.list({})).find(({ kind }) => kind === 'workspace.clone')?.steps.some(({ status }) => status === 'running'),
    )
    .toBe(true)
  const ended = once(child, 'exit')
  process.kill(desktop.pid, 'SIGKILL')
  await ended
  expect((await docker.getContainer(`workspace-${name}`).inspect()).State.Running).toBe(true)
  // Its windows end with it.
  await expect.poll(() => descendants(1, `--user-data-dir=${home}`)).toEqual([])
  const again = await launchDesktop(home)
  try {
    await expect(again.page.getByText('Berth ended during 1 operation')).toBeVisible({ timeout: READY_MS })
    await expect(again.page.getByText(`Could not clone to ${copy} (undone). Workspaces kept running.`)).toBeVisible()
    await again.page.getByRole('button', { name: 'Show activity' }).click()
    await expect(heading(again.page, 'Activity')).toBeVisible()
    expect((await docker.getContainer(`workspace-${name}`).inspect()).State.Running).toBe(true)
    await again.page.reload()
    await expect(heading(again.page, 'Activity')).toBeVisible()
    await expect(again.page.getByText('Berth ended during')).toHaveCount(0)
  } finally {
    await endAndRemove(again.child, home)
  }
})
