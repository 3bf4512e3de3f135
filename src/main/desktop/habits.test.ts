import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BerthEvent } from '../../shared/contract/events'
import { type Settings, settingsSchema } from '../../shared/contract/settings'
import { operation } from '../../shared/testing/operation'
import { workspace } from '../api/testing/test-door'
import { setupGlobalShortcut } from './global-shortcut'
import { setupNotifications } from './notifications'
import { setupQuitQuestion } from './quit-question'
import { recentWorkspaces, showRecentWorkspaces } from './recent-workspaces'
import { setupStartAtLogin } from './start-at-login'
import { app, BrowserWindow, dialog, globalShortcut, Notification, preventable, resetElectron } from './testing/fake-electron'
import { arrangementOf } from './window-bounds'

vi.mock('electron', () => import('./testing/fake-electron'))
vi.mock('electron-store', () => ({ default: class {} }))

beforeEach(resetElectron)
afterEach(() => vi.useRealTimers())

function settingsOf(given: Partial<Settings>) {
  let current = settingsSchema.parse(given)
  const listeners: ((settings: Settings) => void)[] = []
  return {
    get: () => current,
    onChange: (listener: (settings: Settings) => void) => void listeners.push(listener),
    update: vi.fn((changes: Partial<Settings>) => {
      current = { ...current, ...changes }
      for (const listener of listeners) listener(current)
    }),
  }
}

describe('notifications', () => {
  function setup(given: Partial<Settings> = {}) {
    vi.useFakeTimers()
    let emit: (event: BerthEvent) => void = () => {}
    const send = vi.fn()
    const core = {
      settings: settingsOf(given),
      workspaces: { list: () => [{ ...workspace, id: 'w1', name: 'demo' }] },
      events: {
        subscribe(listener: typeof emit) {
          emit = listener
        },
      },
    }
    setupNotifications(core, { send, show: vi.fn() })
    const ports = (...found: number[]): BerthEvent => ({
      type: 'ports',
      ports: {
        workspaceId: 'w1',
        listeners: found.map((port) => ({ port, host: '127.0.0.1', process: 'node', container: null, publishedBy: null })),
        forwards: [],
      },
    })
    return { send, ports, emit: (event: BerthEvent) => emit(event) }
  }
  const ended = (id: string, seconds: number, status: 'succeeded' | 'failed' | 'cancelled' = 'succeeded'): BerthEvent => ({
    type: 'operation',
    operation: operation({
      ...{ id, status, workspaceId: 'w1', workspaceName: 'demo' },
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: new Date(Date.parse('2026-01-01T00:00:00.000Z') + seconds * 1000).toISOString(),
    }),
  })
  const shown = () => Notification.made.map(({ options: { title, body } }) => [title, body])

  it('tells of long work and of failures, once, and leads there', () => {
    const { send, emit } = setup()
    emit(ended('short', 2))
    emit(ended('cancelled', 60, 'cancelled'))
    vi.runAllTimers()
    expect(shown()).toEqual([])
    emit(ended('long', 60))
    emit(ended('long', 60))
    vi.runAllTimers()
    expect(shown()).toEqual([['Created demo', '']])
    Notification.made[0]?.emit('click')
    expect(send).toHaveBeenCalledExactlyOnceWith({ command: 'open-workspace', workspaceId: 'w1' })
    emit(ended('failed', 1, 'failed'))
    vi.runAllTimers()
    expect(shown()[1]).toEqual(['Could not create demo', ''])
  })

  it('groups what comes together', () => {
    const { send, emit } = setup()
    for (let count = 0; count < 5; count++) emit(ended(`o${count}`, 60))
    vi.runAllTimers()
    expect(shown()).toEqual([['Berth: 5 things happened', 'Created demo\nCreated demo\nCreated demo\nand 2 more']])
    Notification.made[0]?.emit('click')
    expect(send).toHaveBeenCalledExactlyOnceWith({ command: 'activity' })
  })

  it('tells of a new listener, not of those that were there', () => {
    const { emit, ports } = setup()
    emit(ports(22))
    emit(ports(22, 3000))
    emit(ports(22, 3000))
    vi.runAllTimers()
    expect(shown()).toEqual([['node listens on port 3000 of demo', '']])
  })

  it('are not shown while the window is in front, or when they are off', () => {
    const { emit } = setup()
    BrowserWindow.focused = new BrowserWindow({})
    emit(ended('a', 60))
    vi.runAllTimers()
    BrowserWindow.focused = null
    setup({ notifications: false }).emit(ended('b', 60))
    vi.runAllTimers()
    expect(shown()).toEqual([])
  })
})

describe('the question at the first quit', () => {
  function setup({ running = true, unattended = false, stop = false } = {}) {
    const answered = new Set<string>()
    const settings = settingsOf({ stopWorkspacesOnQuit: stop })
    setupQuitQuestion({
      core: { workspaces: { list: () => [{ ...workspace, running }] }, settings },
      answers: { hasAnswered: (question) => answered.has(question), remember: (question) => void answered.add(question) },
      isUnattended: () => unattended,
    })
    const quit = () => {
      const event = preventable({})
      app.emit('before-quit', event)
      return event.prevented
    }
    return { quit, settings, answered }
  }
  const answer = (response: number) => dialog.showMessageBox.mockResolvedValueOnce({ response, checkboxChecked: false })

  it('sets what quitting does, and is asked once', async () => {
    const { quit, settings } = setup()
    answer(1)
    expect(quit()).toBe(true)
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce())
    expect(settings.get().stopWorkspacesOnQuit).toBe(true)
    expect(quit()).toBe(false)
    expect(dialog.showMessageBox).toHaveBeenCalledOnce()
  })

  it('can be cancelled, and is asked again then', async () => {
    const { quit, answered } = setup()
    answer(2)
    expect(quit()).toBe(true)
    await new Promise((resolve) => setImmediate(resolve))
    expect(app.quit).not.toHaveBeenCalled()
    expect([...answered]).toEqual([])
    answer(0)
    expect(quit()).toBe(true)
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce())
  })

  it('is not asked when nothing is running, when nobody is there, or when the setting says it already', () => {
    for (const given of [{ running: false }, { unattended: true }, { stop: true }]) {
      resetElectron()
      expect(setup(given).quit()).toBe(false)
    }
    expect(dialog.showMessageBox).not.toHaveBeenCalled()
  })
})

describe('starting at login', () => {
  it('writes and removes the entry of a Linux desktop', async () => {
    const autostartFolder = join(await mkdtemp(join(tmpdir(), 'berth-login-')), 'autostart')
    const file = join(autostartFolder, 'dev.berth.desktop')
    try {
      const settings = settingsOf({ startAtLogin: false })
      setupStartAtLogin({ settings, platform: 'linux', autostartFolder })
      settings.update({ startAtLogin: true })
      await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toMatch(/^Exec=".*" --hidden$/m))
      settings.update({ startAtLogin: false })
      await vi.waitFor(() => expect(readFile(file)).rejects.toThrow('ENOENT'))
    } finally {
      await rm(join(autostartFolder, '..'), { recursive: true })
    }
  })

  it('asks macOS and Windows, and nobody for a copy that is not installed', async () => {
    setupStartAtLogin({ settings: settingsOf({ startAtLogin: true }), platform: 'darwin' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(app.setLoginItemSettings).toHaveBeenCalledExactlyOnceWith({ openAtLogin: true, args: ['--hidden'] })
    app.isPackaged = false
    setupStartAtLogin({ settings: settingsOf({ startAtLogin: true }), platform: 'darwin' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(app.setLoginItemSettings).toHaveBeenCalledOnce()
  })
})

describe('the global shortcut', () => {
  it('follows the setting', () => {
    const settings = settingsOf({ globalShortcut: 'Alt+B' })
    const show = vi.fn()
    setupGlobalShortcut({ settings, show })
    expect(globalShortcut.register).toHaveBeenCalledExactlyOnceWith('Alt+B', show)
    settings.update({ globalShortcut: null })
    expect(globalShortcut.unregisterAll).toHaveBeenCalledOnce()
  })

  it('says when the keys are taken or are none', () => {
    globalShortcut.register.mockReturnValueOnce(false)
    const settings = settingsOf({ globalShortcut: 'Alt+F4' })
    setupGlobalShortcut({ settings, show: vi.fn() })
    globalShortcut.register.mockImplementationOnce(() => {
      throw new TypeError('conversion failure')
    })
    settings.update({ globalShortcut: 'Nonsense' })
    expect(dialog.showMessageBox.mock.calls.map(([{ message }]) => message)).toEqual([
      'The shortcut Alt+F4 is taken by another program.',
      '“Nonsense” is not a valid shortcut.',
    ])
  })
})

describe('recent workspaces', () => {
  const named = (name: string, running: boolean, createdAt: string) => ({ ...workspace, id: name, name, running, createdAt })
  const all = [named('old', false, '2026-01-01'), named('new', false, '2026-03-01'), named('up', true, '2026-02-01')]

  it('are the running ones, then the newest, without templates', () => {
    expect(recentWorkspaces([...all, { ...named('t', false, '2026-04-01'), template: true }]).map(({ name }) => name)).toEqual([
      'up',
      'new',
      'old',
    ])
  })

  it('are in the dock of macOS and in the jump list of Windows, as links', () => {
    showRecentWorkspaces(all, vi.fn(), 'darwin')
    expect(app.dock.setMenu).toHaveBeenCalledOnce()
    showRecentWorkspaces(all, vi.fn(), 'win32')
    expect(app.setUserTasks.mock.calls[0]?.[0].map(({ arguments: given }) => given)).toEqual([
      'berth://workspace/up',
      'berth://workspace/new',
      'berth://workspace/old',
    ])
  })
})

it('arrangements of displays have a name of their own, in whatever order they come', () => {
  const [small, large] = [{ bounds: { x: 0, y: 0, width: 1440, height: 900 } }, { bounds: { x: 1440, y: 0, width: 2560, height: 1440 } }]
  expect(arrangementOf([small, large])).toBe(arrangementOf([large, small]))
  expect(arrangementOf([small])).not.toBe(arrangementOf([small, large]))
})
