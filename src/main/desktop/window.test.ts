import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EDITORS, editorLink } from '../../shared/editor-link'
import { PORT_OFFER, PORT_REQUEST } from '../../shared/window-port'
import { setupMainWindow } from './main-window'
import { setupNavigationGuard } from './navigation-guard'
import { isPageUrl, pageOrigin, registerPageScheme, servePage } from './page-protocol'
import { setupPermissions } from './permissions'
import { claimSingleInstance } from './single-instance'
import {
  app,
  BrowserWindow,
  defaultSession,
  FakeContents,
  FakeFrame,
  nativeTheme,
  preventable,
  protocol,
  resetElectron,
  shell,
} from './testing/fake-electron'
import { setupTheme } from './theme'
import { boundsToOpen, type SavedBounds } from './window-bounds'

vi.mock('electron', () => import('./testing/fake-electron'))
vi.mock('electron-store', () => ({ default: class {} }))

beforeEach(resetElectron)
afterEach(() => vi.unstubAllEnvs())

const ORIGIN = 'app://berth'

function openWindow(options: { isQuitting?: boolean; saved?: SavedBounds } = {}) {
  const bounds = { load: () => options.saved ?? null, save: vi.fn() }
  const onPort = vi.fn()
  const mainWindow = setupMainWindow({
    bounds,
    onPort,
    onPageReload: () => {},
    isQuitting: () => options.isQuitting ?? false,
    preload: '/app/preload/index.cjs',
    icon: '/app/icon.png',
  })
  const window = BrowserWindow.made[0]
  if (window === undefined) throw new Error('No window')
  return { mainWindow, window, bounds, onPort }
}

describe('the window', () => {
  it('isolates its page: no Node, sandboxed, only the preload', () => {
    const { window } = openWindow()
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      preload: '/app/preload/index.cjs',
    })
    expect(window.loadURL).toHaveBeenCalledWith('app://berth/')
  })

  it('is at least as large as the screens need, and has the colour of the theme', () => {
    nativeTheme.shouldUseDarkColors = true
    expect(openWindow().window.options).toMatchObject({ minWidth: 720, minHeight: 480, backgroundColor: '#16181c', show: false })
  })

  it('is shown once its page has painted', () => {
    const { window } = openWindow({ saved: { bounds: { x: 0, y: 0, width: 800, height: 600 }, isMaximized: true } })
    expect(window.show).not.toHaveBeenCalled()
    window.emit('ready-to-show')
    expect(window.show).toHaveBeenCalledOnce()
    expect(window.maximize).toHaveBeenCalledOnce()
  })

  it('hides when it is closed, and remembers where it was', () => {
    const { window, bounds } = openWindow()
    const event = preventable({})
    window.emit('close', event)
    expect(event.prevented).toBe(true)
    expect(window.hide).toHaveBeenCalledOnce()
    expect(bounds.save).toHaveBeenCalledWith({ bounds: { x: 10, y: 20, width: 900, height: 600 }, isMaximized: false })
  })

  it('closes when the app quits', () => {
    const { window } = openWindow({ isQuitting: true })
    const event = preventable({})
    window.emit('close', event)
    expect(event.prevented).toBe(false)
    expect(window.hide).not.toHaveBeenCalled()
  })

  it('comes back to the front, or is made anew when it is gone', () => {
    const { mainWindow, window } = openWindow()
    window.minimized = true
    mainWindow.show()
    expect(window.restore).toHaveBeenCalledOnce()
    expect(window.focus).toHaveBeenCalledOnce()
    window.emit('closed')
    mainWindow.show()
    expect(BrowserWindow.made).toHaveLength(2)
  })

  it('shows the development server only in development', () => {
    vi.stubEnv('ELECTRON_RENDERER_URL', 'http://localhost:5173')
    expect(pageOrigin()).toBe(ORIGIN)
    app.isPackaged = false
    expect(pageOrigin()).toBe('http://localhost:5173')
  })
})

describe('the port of the page', () => {
  it('is given to the page each time it asks', () => {
    const { window, onPort } = openWindow()
    const frame = window.webContents.mainFrame
    for (const count of [1, 2]) {
      window.webContents.ipc.emit(PORT_REQUEST, { senderFrame: frame })
      expect(onPort).toHaveBeenCalledTimes(count)
      expect(frame.postMessage).toHaveBeenCalledTimes(count)
    }
    expect(frame.postMessage).toHaveBeenCalledWith(PORT_OFFER, null, [expect.anything()])
  })

  it('is given to no other frame and no other page', () => {
    const { window, onPort } = openWindow()
    const { ipc, mainFrame } = window.webContents
    ipc.emit(PORT_REQUEST, { senderFrame: new FakeFrame() })
    ipc.emit(PORT_REQUEST, { senderFrame: null })
    mainFrame.url = 'https://evil.example/'
    ipc.emit(PORT_REQUEST, { senderFrame: mainFrame })
    expect(onPort).not.toHaveBeenCalled()
    expect(mainFrame.postMessage).not.toHaveBeenCalled()
  })
})

describe('where it opens', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1040 }
  const at = (x: number, y: number, width = 900, height = 600) => ({ bounds: { x, y, width, height }, isMaximized: false })

  it('is where it was', () => {
    expect(boundsToOpen(at(100, 50), [display])).toEqual({ x: 100, y: 50, width: 900, height: 600 })
    expect(boundsToOpen(at(2000, 50), [display, { ...display, x: 1920 }])).toMatchObject({ x: 2000 })
  })

  it('is the middle when it never was, or its display is gone', () => {
    expect(boundsToOpen(null, [display])).toEqual({ width: 1200, height: 800 })
    for (const gone of [at(2000, 50), at(-890, 50), at(100, 1000), at(100, -30)]) {
      expect(boundsToOpen(gone, [display])).toEqual({ width: 1200, height: 800 })
    }
  })

  it('is never smaller than the screens need', () => {
    expect(boundsToOpen(at(0, 0, 10, 10), [display])).toMatchObject({ width: 720, height: 480 })
  })
})

describe('navigation', () => {
  function guarded(): FakeContents {
    setupNavigationGuard(ORIGIN)
    const contents = new FakeContents()
    app.emit('web-contents-created', {}, contents)
    return contents
  }

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('to anything but the page is denied: %s', (name) => {
    const contents = guarded()
    for (const url of [
      'https://evil.example/',
      'file:///etc/passwd',
      'app://evil/',
      'app://berth.evil/',
      'data:text/html,x',
      'javascript:1',
      '',
    ]) {
      const event = preventable({ url, isMainFrame: true })
      contents.emit(name, event)
      expect(event.prevented, url).toBe(true)
    }
    const own = preventable({ url: 'app://berth/#/settings', isMainFrame: true })
    contents.emit(name, own)
    expect(own.prevented).toBe(false)
  })

  it('within a frame and web views are denied', () => {
    const contents = guarded()
    const frame = preventable({ url: 'app://berth/', isMainFrame: false })
    contents.emit('will-frame-navigate', frame)
    const view = preventable({})
    contents.emit('will-attach-webview', view)
    expect([frame.prevented, view.prevented]).toEqual([true, true])
  })

  it('opens no window, but web links in the browser and workspaces in an editor', () => {
    const { openHandler } = guarded()
    const details = { frameName: '', features: '', disposition: 'new-window', referrer: { url: '', policy: 'default' } } as const
    for (const url of ['https://example.com/a', 'http://127.0.0.1:3000/']) {
      expect(openHandler?.({ ...details, url })).toEqual({ action: 'deny' })
      expect(shell.openExternal).toHaveBeenLastCalledWith(url)
    }
    const demo = { name: 'demo', ports: { ssh: 2200 }, repoState: 'cloned', folder: null, host: null } as const
    for (const url of EDITORS.map((editor) => editorLink(editor, demo) ?? '')) {
      expect(openHandler?.({ ...details, url })).toEqual({ action: 'deny' })
      expect(shell.openExternal).toHaveBeenLastCalledWith(url)
    }
    for (const url of [
      'vscode://ms-vscode.some-extension/run?x',
      'vscode://vscode-remote/ssh-remote+evil.example/home/workspace',
      'vscode://vscode-remote/ssh-remote+demo.berth/home/workspace?x=1',
      'jetbrains-gateway://connect#type=ssh&deploy=false&host=evil.example&port=22&user=workspace&projectPath=%2Fhome%2Fworkspace',
    ]) {
      expect(openHandler?.({ ...details, url })).toEqual({ action: 'deny' })
    }
    for (const url of ['file:///etc/passwd', 'smb://host/share', 'javascript:alert(1)', 'vscode://x', 'nothing']) {
      expect(openHandler?.({ ...details, url })).toEqual({ action: 'deny' })
    }
    expect(shell.openExternal).toHaveBeenCalledTimes(2 + EDITORS.length)
  })

  it('knows its page by scheme and host, whatever follows', () => {
    expect(isPageUrl('app://berth/assets/x.js', ORIGIN)).toBe(true)
    expect(isPageUrl('app://berth', ORIGIN)).toBe(true)
    expect(isPageUrl('app://berth:1/', ORIGIN)).toBe(false)
    expect(isPageUrl('https://berth/', ORIGIN)).toBe(false)
    expect(isPageUrl('http://localhost:5173/x', 'http://localhost:5173')).toBe(true)
  })
})

describe('permissions', () => {
  function answers(permission: string, url = 'app://berth/', isMainFrame = true): boolean[] {
    setupPermissions(ORIGIN)
    const request = defaultSession.setPermissionRequestHandler.mock.lastCall?.[0]
    const check = defaultSession.setPermissionCheckHandler.mock.lastCall?.[0]
    const decide = vi.fn<(granted: boolean) => void>()
    // Only the fields that the handlers read.
    request?.(null as never, permission as never, decide, { requestingUrl: url, isMainFrame } as never)
    return [decide.mock.lastCall?.[0] ?? true, check?.(null, permission as never, url, { isMainFrame } as never) ?? true]
  }

  it.each(['media', 'geolocation', 'notifications', 'openExternal', 'fullscreen', 'fileSystem', 'hid', 'unknown'])(
    'deny %s',
    (permission) => {
      expect(answers(permission)).toEqual([false, false])
    },
  )

  it('leave the clipboard to the page, and to nothing else', () => {
    expect(answers('clipboard-sanitized-write')).toEqual([true, true])
    expect(answers('clipboard-read')).toEqual([true, true])
    expect(answers('clipboard-read', 'https://evil.example/')).toEqual([false, false])
    expect(answers('clipboard-read', 'app://berth/', false)).toEqual([false, false])
  })

  it('deny devices', () => {
    setupPermissions(ORIGIN)
    expect(defaultSession.setDevicePermissionHandler.mock.lastCall?.[0]?.({} as never)).toBe(false)
  })
})

describe('the page’s scheme', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'berth-page-'))
    await writeFile(join(root, 'index.html'), '<title>Berth</title>')
  })
  afterEach(() => rm(root, { recursive: true }))

  async function load(url: string, method = 'GET'): Promise<Response> {
    const download = async () => ({ name: 'ä.txt', kind: 'file' as const, size: 2, chunks: bytes() })
    servePage(root, { takeDownload: (id) => (id === 'download-1' ? download() : null) })
    const handler = protocol.handle.mock.lastCall?.[1]
    if (handler === undefined) throw new Error('Not served')
    return await handler(new Request(url, { method }))
  }

  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('hi')
  }

  it('saves what the page has opened for that, and shows it never', async () => {
    const answer = await load('app://berth/download/download-1')
    expect(await answer.text()).toBe('hi')
    expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%A4.txt")
    expect((await load('app://berth/download/other')).status).toBe(404)
  })

  it('is as good as https to the page', () => {
    registerPageScheme()
    expect(protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
  })

  it('serves the page with a policy that confines it', async () => {
    const response = await load('app://berth/')
    expect(await response.text()).toContain('Berth')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("connect-src 'self';")
  })

  it('serves nothing else', async () => {
    await writeFile(join(root, '..', 'berth-outside.txt'), 'outside')
    for (const url of [
      'app://evil/',
      'app://berth/..%2fberth-outside.txt',
      'app://berth/%2e%2e%2fberth-outside.txt',
      'app://berth/none.js',
    ]) {
      expect((await load(url)).status, url).toBe(404)
    }
    expect((await load('app://berth/', 'POST')).status).toBe(404)
  })
})

describe('a second start', () => {
  it('is told that it is the second', () => {
    app.isFirst = false
    expect(claimSingleInstance()).toBeNull()
  })

  it('shows the window of the first, also when that was not there yet', () => {
    const show = vi.fn()
    const onSecondStart = claimSingleInstance()
    app.emit('second-instance')
    onSecondStart?.(show)
    expect(show).toHaveBeenCalledTimes(1)
    app.emit('second-instance')
    app.emit('activate')
    expect(show).toHaveBeenCalledTimes(3)
  })

  it('without one, the window is left alone', () => {
    const show = vi.fn()
    claimSingleInstance()?.(show)
    expect(show).not.toHaveBeenCalled()
  })
})

it('the theme follows the setting', () => {
  const listeners: ((settings: never) => void)[] = []
  setupTheme({ get: () => ({ theme: 'dark' }) as never, onChange: (listener) => listeners.push(listener as never) })
  expect(nativeTheme.themeSource).toBe('dark')
  for (const listener of listeners) listener({ theme: 'light' } as never)
  expect(nativeTheme.themeSource).toBe('light')
})
