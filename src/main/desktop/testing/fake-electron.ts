import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { vi } from 'vitest'

/** The few parts of Electron that the desktop uses, for its tests. Each is held against Electron's own types. */

class FakeApp extends EventEmitter {
  isPackaged = true
  isFirst = true
  quit = vi.fn<Electron.App['quit']>()
  exit = vi.fn<Electron.App['exit']>()
  relaunch = vi.fn<Electron.App['relaunch']>()
  requestSingleInstanceLock = (() => this.isFirst) satisfies Electron.App['requestSingleInstanceLock']
}
export const app = new FakeApp()

export const shell = { openExternal: vi.fn<Electron.Shell['openExternal']>(async () => {}) } satisfies Partial<Electron.Shell>

export const dialog = {
  showErrorBox: vi.fn<Electron.Dialog['showErrorBox']>(),
  showMessageBox: vi.fn(async (_options: Electron.MessageBoxOptions, ..._rest: unknown[]) => ({ response: 0, checkboxChecked: false })),
} satisfies Partial<Record<keyof Electron.Dialog, unknown>>

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] }

export const nativeTheme: { -readonly [Key in 'themeSource' | 'shouldUseDarkColors']: Electron.NativeTheme[Key] } = {
  themeSource: 'system',
  shouldUseDarkColors: false,
}

export const protocol = {
  registerSchemesAsPrivileged: vi.fn<Electron.Protocol['registerSchemesAsPrivileged']>(),
  handle: vi.fn<Electron.Protocol['handle']>(),
} satisfies Partial<Electron.Protocol>

export const defaultSession = {
  setPermissionRequestHandler: vi.fn<Electron.Session['setPermissionRequestHandler']>(),
  setPermissionCheckHandler: vi.fn<Electron.Session['setPermissionCheckHandler']>(),
  setDevicePermissionHandler: vi.fn<Electron.Session['setDevicePermissionHandler']>(),
} satisfies Partial<Electron.Session>
export const session = { defaultSession }

export class FakeFrame {
  url = 'app://berth/'
  postMessage = vi.fn<Electron.WebFrameMain['postMessage']>()
}

export class FakeContents extends EventEmitter {
  crashed = false
  reload = vi.fn<Electron.WebContents['reload']>()
  forcefullyCrashRenderer = vi.fn<Electron.WebContents['forcefullyCrashRenderer']>()
  isCrashed = () => this.crashed
  ipc = new EventEmitter()
  mainFrame = new FakeFrame()
  openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null
  setWindowOpenHandler: Electron.WebContents['setWindowOpenHandler'] = (handler) => {
    this.openHandler = handler
  }
}

export class BrowserWindow extends EventEmitter {
  static made: BrowserWindow[] = []
  static getAllWindows = (): BrowserWindow[] => BrowserWindow.made
  visible = false
  webContents = new FakeContents()
  minimized = false
  options: Electron.BrowserWindowConstructorOptions
  show = vi.fn<Electron.BrowserWindow['show']>()
  hide = vi.fn<Electron.BrowserWindow['hide']>()
  focus = vi.fn<Electron.BrowserWindow['focus']>()
  restore = vi.fn<Electron.BrowserWindow['restore']>()
  maximize = vi.fn<Electron.BrowserWindow['maximize']>()
  loadURL = vi.fn<Electron.BrowserWindow['loadURL']>(async () => {})
  isVisible = () => this.visible
  isDestroyed = () => false
  isMinimized = () => this.minimized
  isMaximized = () => false
  getNormalBounds = () => ({ x: 10, y: 20, width: 900, height: 600 })

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    BrowserWindow.made.push(this)
  }
}

export class MessageChannelMain {
  port1 = new EventEmitter()
  port2 = new EventEmitter()
}

export const Menu = {
  buildFromTemplate: vi.fn((template: Electron.MenuItemConstructorOptions[]) => template),
  setApplicationMenu: vi.fn(),
}

export class Tray extends EventEmitter {
  static made: Tray[] = []
  setToolTip = vi.fn<Electron.Tray['setToolTip']>()
  setContextMenu = vi.fn((_menu: unknown) => {})

  constructor(public icon: string) {
    super()
    Tray.made.push(this)
  }
}

/** As new, for the next test. */
export function resetElectron(): void {
  app.removeAllListeners()
  app.isPackaged = true
  app.isFirst = true
  BrowserWindow.made = []
  Tray.made = []
  nativeTheme.themeSource = 'system'
  nativeTheme.shouldUseDarkColors = false
  vi.clearAllMocks()
}

/** An event of Electron that can be prevented. */
export function preventable<Extra extends object>(extra: Extra): Extra & { preventDefault(): void; prevented: boolean } {
  const event = {
    ...extra,
    prevented: false,
    preventDefault() {
      event.prevented = true
    },
  }
  return event
}
