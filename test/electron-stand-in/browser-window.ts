import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { allWindowsClosed, app, closeWasPrevented, setWindows } from './app'
import type { Session } from './chromium'
import { chromium, host, ignoreEnd, preventableEvent } from './host'
import { nativeTheme } from './native-theme'
import { preferencesOf, WebContents } from './web-contents'

const KNOWN_OPTIONS = ['x', 'y', 'width', 'height', 'minWidth', 'minHeight', 'show', 'title', 'icon', 'backgroundColor', 'webPreferences']
const AREA = { x: 0, y: 0, width: 1920, height: 1040 }

const windows = new Set<BrowserWindow>()
/** Targets on their way. */
const creations = new Set<Promise<string>>()
const attached = new Map<string, PromiseWithResolvers<Session>>()
let focused: BrowserWindow | null = null
let lastId = 0
let isWatching = false

/** Targets that no window of ours has made are what `window.open` and links bring: none is ever shown; the window's handler has been asked. */
async function watchTargets(): Promise<void> {
  if (isWatching) return
  isWatching = true
  const { browser, session } = chromium()
  browser.on('Target.attachedToTarget', ({ targetInfo, sessionId, waitingForDebugger }) => {
    if (targetInfo.type !== 'page') return
    const { targetId } = targetInfo
    // The answer to `Target.createTarget` comes after this.
    void Promise.allSettled(creations).then(() => {
      const waiting = attached.get(targetId)
      if (waiting !== undefined) waiting.resolve(session(sessionId))
      else if (waitingForDebugger) refuse(session(sessionId), targetId)
    })
  })
  await browser.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter: [{ type: 'page' }] })
}

/** It loads nothing, and must not wait: the page that has opened it may be in the same process, and waits with it. */
function refuse(popup: Session, targetId: string): void {
  ignoreEnd(popup.send('Fetch.enable', {}))
  ignoreEnd(popup.send('Runtime.runIfWaitingForDebugger'))
  ignoreEnd(chromium().browser.send('Target.closeTarget', { targetId }))
}

async function createTarget(width: number, height: number): Promise<{ targetId: string; session: Session }> {
  await watchTargets()
  const session = Promise.withResolvers<Session>()
  const creation = chromium()
    .browser.send('Target.createTarget', { url: 'about:blank', width, height, newWindow: true })
    .then(({ targetId }) => {
      attached.set(targetId, session)
      return targetId
    })
  creations.add(creation)
  const targetId = await creation.finally(() => creations.delete(creation))
  return { targetId, session: await session.promise }
}

type Members =
  | 'id'
  | 'show'
  | 'hide'
  | 'focus'
  | 'close'
  | 'destroy'
  | 'minimize'
  | 'restore'
  | 'maximize'
  | 'unmaximize'
  | 'isVisible'
  | 'isMinimized'
  | 'isMaximized'
  | 'isFocused'
  | 'isDestroyed'
  | 'getBounds'
  | 'getNormalBounds'
  | 'getTitle'
  | 'loadURL'

export class BrowserWindow extends EventEmitter implements Pick<Electron.BrowserWindow, Members> {
  static getAllWindows = (): BrowserWindow[] => [...windows]
  static getFocusedWindow = (): BrowserWindow | null => focused
  static fromId = (id: number): BrowserWindow | null => [...windows].find((window) => window.id === id) ?? null
  static fromWebContents = (contents: WebContents): BrowserWindow | null =>
    [...windows].find((window) => window.webContents === contents) ?? null

  readonly id: number
  readonly webContents: WebContents
  #bounds: Electron.Rectangle
  #state: 'normal' | 'minimized' | 'maximized' = 'normal'
  #isVisible: boolean
  #isDestroyed = false
  readonly #title: string

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super()
    if (!host.isReady) throw new Error('Cannot create BrowserWindow before app is ready')
    for (const name of Object.keys(options))
      if (!KNOWN_OPTIONS.includes(name)) throw new Error(`The stand-in does not know the option ${name} of windows`)
    lastId += 1
    this.id = lastId
    const width = Math.max(options.width ?? 800, options.minWidth ?? 0)
    const height = Math.max(options.height ?? 600, options.minHeight ?? 0)
    const x = options.x ?? Math.round(AREA.x + (AREA.width - width) / 2)
    const y = options.y ?? Math.round(AREA.y + (AREA.height - height) / 2)
    this.#bounds = { x, y, width, height }
    this.#isVisible = options.show ?? true
    this.#title = options.title ?? app.getName()
    this.webContents = new WebContents({
      preferences: preferencesOf(options.webPreferences),
      target: createTarget(width, height),
      onPopup: (url, given) => void new BrowserWindow(given).loadURL(url),
    })
    this.webContents.once('stand-in-painted', () => this.emit('ready-to-show'))
    this.webContents.on('stand-in-close', () => this.close())
    windows.add(this)
    const usesColors = () =>
      ignoreEnd(this.webContents.useColors(nativeTheme.themeSource === 'system' ? null : nativeTheme.shouldUseDarkColors))
    nativeTheme.on('updated', usesColors)
    this.once('closed', () => nativeTheme.off('updated', usesColors))
    if (nativeTheme.themeSource !== 'system') usesColors()
    setImmediate(() => app.emit('browser-window-created', {}, this))
  }

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url)
  getTitle = (): string => this.#title
  getBounds = (): Electron.Rectangle => (this.#state === 'maximized' ? { ...AREA } : { ...this.#bounds })
  getNormalBounds = (): Electron.Rectangle => ({ ...this.#bounds })
  isVisible = (): boolean => this.#isVisible && !this.#isDestroyed
  isMinimized = (): boolean => this.#state === 'minimized'
  isMaximized = (): boolean => this.#state === 'maximized'
  isFocused = (): boolean => focused === this
  isDestroyed = (): boolean => this.#isDestroyed

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds }
    ignoreEnd(this.webContents.resize(this.#bounds))
    this.emit('resize')
  }

  show(): void {
    this.#alive()
    if (!this.#isVisible) {
      this.#isVisible = true
      this.emit('show')
    }
    this.focus()
  }

  hide(): void {
    this.#alive()
    if (!this.#isVisible) return
    this.#isVisible = false
    if (focused === this) this.#blur()
    this.emit('hide')
  }

  focus(): void {
    this.#alive()
    if (!this.#isVisible || focused === this) return
    focused?.emit('blur')
    focused = this
    this.emit('focus')
  }

  minimize(): void {
    this.#state = 'minimized'
    this.#blur()
    this.emit('minimize')
  }

  restore(): void {
    this.#state = 'normal'
    this.emit('restore')
  }

  maximize(): void {
    this.#alive()
    this.#state = 'maximized'
    this.emit('maximize')
    this.show()
  }

  unmaximize(): void {
    this.#state = 'normal'
    this.emit('unmaximize')
  }

  /** As a click on its cross: what listens to `close` can keep it. */
  close(): void {
    if (this.#isDestroyed) return
    const event = preventableEvent({})
    this.emit('close', event)
    if (event.defaultPrevented) closeWasPrevented()
    else this.destroy()
  }

  destroy(): void {
    if (this.#isDestroyed) return
    this.#blur()
    this.#isDestroyed = true
    windows.delete(this)
    this.webContents.destroy()
    this.emit('closed')
    if (windows.size === 0) allWindowsClosed()
  }

  #blur(): void {
    if (focused !== this) return
    focused = null
    this.emit('blur')
  }

  #alive(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed')
  }
}

setWindows({
  count: () => windows.size,
  closeAll() {
    for (const window of [...windows]) window.close()
  },
  destroyAll() {
    for (const window of [...windows]) window.destroy()
  },
})
