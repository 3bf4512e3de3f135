import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settingsSchema } from '../../shared/contract/settings'
import { app, BrowserWindow, dialog, resetElectron, shell } from './testing/fake-electron'
import { setupUpdates, type Updater } from './updates'

vi.mock('electron', () => import('./testing/fake-electron'))

const HOUR = 60 * 60 * 1000
const NOTES = '<h2>Fixed</h2><ul><li>One &amp; two</li><li>Three</li></ul>'

let resources: string
beforeEach(async () => {
  resetElectron()
  dialog.showMessageBox.mockResolvedValue({ response: 1, checkboxChecked: false })
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  resources = await mkdtemp(join(tmpdir(), 'berth-resources-'))
  await writeFile(join(resources, 'app-update.yml'), 'provider: github\nowner: somebody\nrepo: berth\n')
})
afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  await rm(resources, { recursive: true })
})

function setup({ updates = 'stable', found = '2.0.0' as string | null, platform = 'linux' as NodeJS.Platform } = {}) {
  let wanted = updates
  const updater = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    allowPrerelease: true,
    allowDowngrade: true,
    logger: null,
    checkForUpdates: vi.fn<Updater['checkForUpdates']>(async () => ({
      isUpdateAvailable: found !== null,
      updateInfo: { version: found ?? '1.0.0', releaseNotes: NOTES },
    })),
    downloadUpdate: vi.fn(async () => ['/tmp/update']),
    quitAndInstall: vi.fn<Updater['quitAndInstall']>(),
    on: vi.fn(),
  } satisfies Updater
  const quit = vi.fn()
  const load = vi.fn(async () => updater)
  const settings = { get: () => settingsSchema.parse({ updates: wanted }) }
  const { checkNow } = setupUpdates({ settings, version: '1.0.0', quit, platform, resources, load })
  return { updater, quit, load, checkNow, want: (value: string) => (wanted = value) }
}

/** Reads files on its way, which takes real time. */
const passes = (expectation: () => void) => vi.waitFor(expectation, { timeout: 2000 })
const asked = () => dialog.showMessageBox.mock.calls.map((call) => call.at(-1) as Electron.MessageBoxOptions)

describe('updates', () => {
  it('are looked for a minute after the start and daily, and downloaded; nothing is installed without an answer', async () => {
    const { updater, quit } = setup()
    await vi.advanceTimersByTimeAsync(59_000)
    expect(updater.checkForUpdates).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    await passes(() => expect(asked()).toHaveLength(1))
    expect(updater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false, allowPrerelease: false, allowDowngrade: false })
    expect(updater.downloadUpdate).toHaveBeenCalledTimes(1)
    expect(asked()[0]).toMatchObject({
      message: 'Berth 2.0.0 is ready to be installed.',
      detail: expect.stringContaining('Fixed\n\n- One & two\n- Three'),
      buttons: ['Restart and Install', 'Later'],
      // Enter and Escape mean no.
      defaultId: 1,
      cancelId: 1,
    })
    expect(quit).not.toHaveBeenCalled()
    app.emit('quit', {}, 0)
    expect(updater.quitAndInstall).not.toHaveBeenCalled()
    // “Later”: not asked for this version again, before the next start.
    await vi.advanceTimersByTimeAsync(24 * HOUR)
    await passes(() => expect(updater.checkForUpdates).toHaveBeenCalledTimes(2))
    expect(asked()).toHaveLength(1)
  })

  it('are not looked for when the setting says so, but when somebody asks', async () => {
    const { updater, checkNow, want } = setup({ updates: 'off', found: null })
    await vi.advanceTimersByTimeAsync(48 * HOUR)
    expect(updater.checkForUpdates).not.toHaveBeenCalled()
    checkNow()
    await passes(() => expect(asked()).toMatchObject([{ message: 'Berth 1.0.0 is the newest version.' }]))
    want('beta')
    await vi.advanceTimersByTimeAsync(24 * HOUR)
    await passes(() => expect(updater.checkForUpdates).toHaveBeenCalledTimes(2))
    expect(updater.allowPrerelease).toBe(true)
    expect(asked()).toHaveLength(1)
  })

  it('are installed after Berth has quit as always', async () => {
    dialog.showMessageBox.mockResolvedValue({ response: 0, checkboxChecked: false })
    vi.stubEnv('APPIMAGE', '/home/me/Berth.AppImage')
    const { updater, quit, checkNow } = setup()
    checkNow()
    await passes(() => expect(quit).toHaveBeenCalledTimes(1))
    expect(updater.quitAndInstall).not.toHaveBeenCalled()
    app.emit('quit', {}, 0)
    expect(updater.quitAndInstall).toHaveBeenCalledWith(true, false)
    expect(app.relaunch).toHaveBeenCalledWith({ execPath: '/home/me/Berth.AppImage', args: [] })
  })

  it('are not installed when the end has failed', async () => {
    dialog.showMessageBox.mockResolvedValue({ response: 0, checkboxChecked: false })
    const { updater, quit, checkNow } = setup({ platform: 'win32' })
    checkNow()
    await passes(() => expect(quit).toHaveBeenCalledTimes(1))
    app.emit('quit', {}, 1)
    expect(updater.quitAndInstall).not.toHaveBeenCalled()
  })

  it('on Windows leave the start of the new version to its installer', async () => {
    dialog.showMessageBox.mockResolvedValue({ response: 0, checkboxChecked: false })
    const { updater, quit, checkNow } = setup({ platform: 'win32' })
    checkNow()
    await passes(() => expect(quit).toHaveBeenCalledTimes(1))
    app.emit('quit', {}, 0)
    expect(updater.quitAndInstall).toHaveBeenCalledWith(true, true)
    expect(app.relaunch).not.toHaveBeenCalled()
  })

  it('on macOS leave all to Squirrel, and ask only where there is a window', async () => {
    dialog.showMessageBox.mockResolvedValue({ response: 0, checkboxChecked: false })
    const { updater, quit } = setup({ platform: 'darwin' })
    await vi.advanceTimersByTimeAsync(60_000)
    await passes(() => expect(updater.downloadUpdate).toHaveBeenCalledTimes(1))
    expect(asked()).toHaveLength(0)
    new BrowserWindow({}).visible = true
    await vi.advanceTimersByTimeAsync(24 * HOUR)
    await passes(() => expect(updater.quitAndInstall).toHaveBeenCalledWith())
    // It is here already.
    expect(updater.downloadUpdate).toHaveBeenCalledTimes(1)
    expect(quit).not.toHaveBeenCalled()
  })

  it('of a package for the system are only told of', async () => {
    await writeFile(join(resources, 'package-type'), 'deb')
    dialog.showMessageBox.mockResolvedValue({ response: 0, checkboxChecked: false })
    const { updater, checkNow, quit } = setup()
    checkNow()
    await passes(() => expect(shell.openExternal).toHaveBeenCalledWith('https://github.com/somebody/berth/releases'))
    expect(asked()).toMatchObject([{ message: 'Berth 2.0.0 is available.', buttons: ['Open Download Page', 'Later'] }])
    expect(updater.downloadUpdate).not.toHaveBeenCalled()
    expect(quit).not.toHaveBeenCalled()
  })

  it('are no subject where the app was not installed from a release', async () => {
    await rm(join(resources, 'app-update.yml'))
    const { load, checkNow } = setup()
    await vi.advanceTimersByTimeAsync(60_000)
    checkNow()
    await passes(() => expect(asked()).toMatchObject([{ message: 'This copy of Berth does not look for updates.' }]))
    expect(load).not.toHaveBeenCalled()
  })

  it('that cannot be looked for are told of only to who has asked', async () => {
    const { updater, checkNow } = setup()
    updater.checkForUpdates.mockRejectedValue(new Error('net::ERR_INTERNET_DISCONNECTED\n    at somewhere'))
    await vi.advanceTimersByTimeAsync(60_000)
    await passes(() => expect(updater.checkForUpdates).toHaveBeenCalledTimes(1))
    expect(asked()).toHaveLength(0)
    await passes(() => {
      checkNow()
      expect(asked()).toMatchObject([{ message: 'Berth could not look for updates.', detail: 'net::ERR_INTERNET_DISCONNECTED' }])
    })
  })
})
