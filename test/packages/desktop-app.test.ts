import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { _electron } from '@playwright/test'
import { describe, expect, it } from 'vitest'
import { browserOptions } from '../../e2e/browser-options'
import { withBuiltVersion } from '../support/built-version'

const run = promisify(execFile)
const obstacle = browserOptions.executablePath === undefined ? 'there is no Chromium' : null
const VERSION = '0.9.2'

interface ArchiveEntry {
  files?: Record<string, ArchiveEntry>
  unpacked?: boolean
  integrity?: { algorithm: string; hash: string }
}

/** The head of an archive of Electron's: four numbers of four bytes, of which the last is the length of the JSON that follows. */
async function archiveHead(path: string): Promise<ArchiveEntry> {
  const bytes = await readFile(path)
  return JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12)))
}

function entryAt(head: ArchiveEntry, path: string): ArchiveEntry | undefined {
  return path.split('/').reduce<ArchiveEntry | undefined>((entry, name) => entry?.files?.[name], head)
}

it('the desktop app has its code in an archive, and beside it what is no code of its own', async () => {
  await withBuiltVersion(VERSION, async (checkout) => {
    const built = await run('node', ['test/electron-stand-in/build-app.mjs', join(checkout, 'dist'), '--archive'], { cwd: checkout })
    const resources = join(built.stdout.trim(), 'resources')
    const head = await archiveHead(join(resources, 'app.asar'))
    for (const path of [
      'out/main/desktop.js',
      'out/main/screen-worker.js',
      'out/preload/index.cjs',
      'out/renderer/index.html',
      'node_modules/dockerode/package.json',
    ])
      expect(entryAt(head, path), path).toMatchObject({ integrity: { algorithm: 'SHA256' } })
    // Bundled into the page, or of no use to the app.
    for (const path of [
      'node_modules/react',
      'node_modules/electron',
      'node_modules/node',
      'out/main/headless.js',
      'out/main/cli.js',
      'src',
    ])
      expect(entryAt(head, path), path).toBeUndefined()
    expect(entryAt(head, 'node_modules/node-pty/build/Release/pty.node')).toMatchObject({ unpacked: true })
    for (const path of [
      'app.asar.unpacked/resources/workspace-image/entrypoint',
      'app.asar.unpacked/resources/icons/icon.png',
      'app.asar.unpacked/node_modules/node-pty/build/Release/pty.node',
      'berth/bin/berth',
      'berth/bin/node',
      'berth/out/main/headless.js',
      'berth/out/main/screen-worker.js',
      'berth/node_modules/node-pty/build/Release/pty.node',
    ])
      expect(existsSync(join(resources, path)), path).toBe(true)
    // The same build of node-pty serves both: it asks for no version of Node or Electron.
    const load = 'const { spawn } = require("node-pty"); spawn("true", [], {}).onExit(({ exitCode }) => process.exit(exitCode + 40))'
    await expect(run(join(resources, 'berth/bin/node'), ['-e', load], { cwd: join(resources, 'berth') })).rejects.toMatchObject({
      code: 40,
    })
  })
})

// The folder that electron-builder makes, with what stands in for Electron: not from an archive, and without fuses, which only a real one has.
describe.skipIf(obstacle !== null)(`the packaged desktop app${obstacle === null ? '' : ` (${obstacle})`}`, () => {
  it('shows its page, and has a command line that finds it', async () => {
    const home = await mkdtemp(join(tmpdir(), 'berth-packaged-'))
    await writeFile(join(home, 'settings.json'), JSON.stringify({ sshPorts: { from: 24080, to: 24099 } }))
    try {
      await withBuiltVersion(VERSION, async (checkout) => {
        const built = await run('node', ['test/electron-stand-in/build-app.mjs', join(checkout, 'dist')], { cwd: checkout })
        const folder = built.stdout.trim()
        const env = { PATH: '/usr/bin:/bin', HOME: home, BERTH_HOME: home, BERTH_LOG_LEVEL: 'error' }
        const app = await _electron.launch({ executablePath: join(folder, 'berth-desktop'), args: [], env })
        const child = app.process()
        try {
          const page = await app.firstWindow()
          await page.getByRole('link', { name: /^Engine: Docker/ }).waitFor()
          expect(
            await app.evaluate(({ app }) => ({ isPackaged: app.isPackaged, version: app.getVersion(), path: app.getAppPath() })),
          ).toEqual({
            ...{ isPackaged: true, version: VERSION, path: join(folder, 'resources/app') },
          })
          // Nobody has said where updates of this one would be.
          const told = await app.evaluate(async ({ dialog, Menu }) => {
            const shown = Promise.withResolvers<string>()
            dialog.showMessageBox = async (...args: unknown[]) => {
              shown.resolve((args.at(-1) as Electron.MessageBoxOptions).message)
              return { response: 0, checkboxChecked: false }
            }
            const help = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'Help')
            help?.submenu?.items.find(({ label }) => label === 'Check for Updates…')?.click()
            return shown.promise
          })
          expect(told).toBe('This copy of Berth does not look for updates.')
          const berth = join(folder, 'resources/berth/bin/berth')
          const { stdout } = await run(berth, ['info', '--json'], { env })
          expect(JSON.parse(stdout)).toMatchObject({ berth: { version: VERSION, door: 'desktop' } })
          expect((await run(berth, ['list'], { env })).stderr).not.toContain('still running')
        } finally {
          const ended = once(child, 'exit')
          // It may be gone before it has answered.
          app.evaluate(({ app }) => app.quit()).catch(() => undefined)
          await ended
        }
      })
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  })
})
