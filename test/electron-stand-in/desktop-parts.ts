import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import type * as Electron from 'electron'
import { host } from './host'
import type { Menu } from './menu'

interface ShownDialog {
  options: Electron.MessageBoxOptions
  /** Clicks the button of that number. */
  answer(response: number): void
}

/** What tests look at: all that Electron would have shown outside its windows, and done. */
export const standIn = {
  trays: [] as Tray[],
  /** Message boxes that wait for an answer. */
  dialogs: [] as ShownDialog[],
  errorBoxes: [] as { title: string; content: string }[],
  /** What was given to the system to open. */
  opened: [] as string[],
  /** Those that were shown and not closed. */
  notifications: [] as Notification[],
  /** By their accelerators. */
  shortcuts: new Map<string, () => void>(),
}

export const shell = {
  async openExternal(url) {
    if (!URL.canParse(url)) throw new Error('Invalid URL')
    standIn.opened.push(url)
  },
  async openPath() {
    return ''
  },
} satisfies Pick<Electron.Shell, 'openExternal' | 'openPath'>

export const dialog = {
  showErrorBox(title: string, content: string) {
    standIn.errorBoxes.push({ title, content })
    process.stderr.write(`${title}\n${content}\n`)
  },
  showMessageBox(...given: [Electron.MessageBoxOptions] | [unknown, Electron.MessageBoxOptions]): Promise<Electron.MessageBoxReturnValue> {
    const options = (given[1] ?? given[0]) as Electron.MessageBoxOptions
    if (typeof options.message !== 'string') throw new TypeError('Message must be a string')
    return new Promise((resolve) => {
      const end = (response: number) => {
        standIn.dialogs.splice(standIn.dialogs.indexOf(shown), 1)
        resolve({ response, checkboxChecked: false })
      }
      const shown: ShownDialog = { options, answer: end }
      if (options.signal?.aborted) return resolve({ response: options.cancelId ?? 0, checkboxChecked: false })
      standIn.dialogs.push(shown)
      // As if somebody had cancelled it.
      options.signal?.addEventListener('abort', () => standIn.dialogs.includes(shown) && end(options.cancelId ?? 0))
    })
  },
} satisfies Pick<Electron.Dialog, 'showErrorBox'> & { showMessageBox: Electron.Dialog['showMessageBox'] }

export const screen = {
  getAllDisplays() {
    if (!host.isReady) throw new Error("The 'screen' module can't be used before the app 'ready' event")
    const area = { x: 0, y: 0, width: 1920, height: 1080 }
    return [{ id: 1, bounds: area, workArea: { ...area, height: 1040 }, scaleFactor: 1 }] as Electron.Display[]
  },
} satisfies Pick<Electron.Screen, 'getAllDisplays'>

export class Tray extends EventEmitter implements Pick<Electron.Tray, 'setToolTip' | 'destroy' | 'isDestroyed'> {
  /** What tests look at. */
  toolTip = ''
  menu: Menu | null = null
  #isDestroyed = false

  constructor(image: string) {
    super()
    if (!host.isReady) throw new Error('Cannot create Tray before app is ready')
    if (!existsSync(image)) throw new Error(`Failed to load image from path '${image}'`)
    standIn.trays.push(this)
  }

  setToolTip(text: string): void {
    this.toolTip = text
  }

  setContextMenu(menu: Menu | null): void {
    this.menu = menu
  }

  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  destroy(): void {
    this.#isDestroyed = true
    standIn.trays.splice(standIn.trays.indexOf(this), 1)
  }
}

export class Notification extends EventEmitter implements Pick<Electron.Notification, 'show' | 'close' | 'title' | 'body'> {
  static isSupported = () => true
  title: string
  body: string

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super()
    if (!host.isReady) throw new Error('Cannot create Notification before app is ready')
    this.title = options.title ?? ''
    this.body = options.body ?? ''
  }

  show(): void {
    standIn.notifications.push(this)
    this.emit('show')
  }

  close(): void {
    standIn.notifications.splice(standIn.notifications.indexOf(this), 1)
    this.emit('close')
  }
}

/** Keys that another program has. */
const TAKEN = ['Alt+F4']
const MODIFIERS = ['CommandOrControl', 'CmdOrCtrl', 'Command', 'Control', 'Ctrl', 'Alt', 'Option', 'AltGr', 'Shift', 'Super', 'Meta']

export const globalShortcut = {
  register(accelerator: string, callback: () => void) {
    if (!host.isReady) throw new Error('globalShortcut cannot be used before the app is ready')
    const [key = '', ...modifiers] = accelerator.split('+').toReversed()
    if (!/^([A-Z0-9]|F[0-9]{1,2}|Space|Tab|Plus|Home|End)$/.test(key) || modifiers.some((modifier) => !MODIFIERS.includes(modifier)))
      throw new TypeError('Error processing argument at index 0, conversion failure')
    if (TAKEN.includes(accelerator)) return false
    standIn.shortcuts.set(accelerator, callback)
    return true
  },
  unregisterAll: () => standIn.shortcuts.clear(),
} satisfies Pick<Electron.GlobalShortcut, 'register' | 'unregisterAll'>
