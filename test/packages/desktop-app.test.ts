import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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
