import type * as Electron from 'electron'
import { app } from './app'

type Template = Electron.MenuItemConstructorOptions
type Role = NonNullable<Template['role']>

/** Titles and submenus that a role brings, as far as Berth's menus have them. */
const ROLES: Partial<Record<Role, { label: string; accelerator?: string; submenu?: Template[] }>> = {
  about: { label: `About ${app.getName()}` },
  close: { label: 'Close Window', accelerator: 'CommandOrControl+W' },
  quit: { label: 'Quit', accelerator: 'CommandOrControl+Q' },
  resetZoom: { label: 'Actual Size', accelerator: 'CommandOrControl+0' },
  zoomIn: { label: 'Zoom In', accelerator: 'CommandOrControl+Plus' },
  zoomOut: { label: 'Zoom Out', accelerator: 'CommandOrControl+-' },
  togglefullscreen: { label: 'Toggle Full Screen', accelerator: 'F11' },
  toggleDevTools: { label: 'Toggle Developer Tools', accelerator: 'Control+Shift+I' },
  minimize: { label: 'Minimize', accelerator: 'CommandOrControl+M' },
  zoom: { label: 'Zoom' },
  undo: { label: 'Undo', accelerator: 'CommandOrControl+Z' },
  redo: { label: 'Redo', accelerator: 'Control+Y' },
  cut: { label: 'Cut', accelerator: 'CommandOrControl+X' },
  copy: { label: 'Copy', accelerator: 'CommandOrControl+C' },
  paste: { label: 'Paste', accelerator: 'CommandOrControl+V' },
  delete: { label: 'Delete' },
  selectAll: { label: 'Select All', accelerator: 'CommandOrControl+A' },
  help: { label: 'Help' },
  services: { label: 'Services' },
  hide: { label: 'Hide' },
  hideOthers: { label: 'Hide Others' },
  unhide: { label: 'Show All' },
  appMenu: { label: app.getName() },
  editMenu: {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      { type: 'separator' },
      { role: 'selectAll' },
    ],
  },
  windowMenu: { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'zoom' }, { role: 'close' }] },
}
/** What the text field that has the focus does by itself. */
const LEFT_TO_CHROMIUM: Role[] = ['undo', 'redo', 'cut', 'copy', 'paste', 'delete', 'selectAll']
const MODIFIERS = ['command', 'cmd', 'control', 'ctrl', 'commandorcontrol', 'cmdorctrl', 'alt', 'option', 'altgr', 'shift', 'super', 'meta']

let lastCommand = 0
interface FocusedWindow {
  close(): void
  minimize(): void
}
/** Knows which window is in front. */
let focusedWindow: () => FocusedWindow | null = () => null
export function setFocusedWindow(given: () => FocusedWindow | null): void {
  focusedWindow = given
}

export class MenuItem implements Pick<Electron.MenuItem, 'label' | 'enabled' | 'visible' | 'checked' | 'commandId' | 'type' | 'id'> {
  label: string
  id: string
  type: Electron.MenuItem['type']
  role: Role | undefined
  accelerator: string | undefined
  enabled: boolean
  visible: boolean
  checked: boolean
  commandId: number
  submenu: Menu | undefined
  click: () => void

  constructor(options: Template) {
    const { role } = options
    const ofRole = role === undefined ? undefined : ROLES[role]
    if (role !== undefined && ofRole === undefined) throw new Error(`The stand-in does not know the role ${role}`)
    const submenu = options.submenu ?? ofRole?.submenu
    this.type = options.type ?? (submenu ? 'submenu' : 'normal')
    if (this.type !== 'separator' && options.label === undefined && role === undefined)
      throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type')
    lastCommand += 1
    this.commandId = lastCommand
    this.label = options.label ?? ofRole?.label ?? ''
    this.id = options.id ?? ''
    this.role = role
    this.accelerator = typeof options.accelerator === 'string' ? options.accelerator : ofRole?.accelerator
    if (this.accelerator !== undefined) parseAccelerator(this.accelerator)
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.submenu = submenu === undefined ? undefined : submenu instanceof Menu ? submenu : Menu.buildFromTemplate(submenu as Template[])
    this.click = () => {
      // A person cannot click these, either.
      if (!this.enabled || !this.visible || this.type === 'separator') return
      const window = focusedWindow()
      if (role === 'quit') app.quit()
      else if (role === 'close') window?.close()
      else if (role === 'minimize') window?.minimize()
      else options.click?.(this as unknown as Electron.MenuItem, window as unknown as Electron.BaseWindow, {} as Electron.KeyboardEvent)
    }
  }
}

let applicationMenu: Menu | null = null

export class Menu implements Pick<Electron.Menu, 'getMenuItemById'> {
  items: MenuItem[] = []

  static buildFromTemplate(template: Template[]): Menu {
    const menu = new Menu()
    menu.items = template.map((options) => new MenuItem(options))
    return menu
  }

  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    return (this.items.find((item) => item.id === id) as unknown as Electron.MenuItem | undefined) ?? null
  }
}

interface Pressed {
  key: string
  control: boolean
  alt: boolean
  shift: boolean
}

/** Throws for what is no accelerator. */
function parseAccelerator(text: string): Pressed {
  const parts = text.split('+').map((part) => part.toLowerCase())
  const key = parts.pop() ?? ''
  for (const part of parts) if (!MODIFIERS.includes(part)) throw new Error(`${text} is no accelerator`)
  const has = (...names: string[]) => parts.some((part) => names.includes(part))
  return {
    key: key === 'plus' ? '+' : key,
    control: has('control', 'ctrl', 'commandorcontrol', 'cmdorctrl'),
    alt: has('alt', 'option'),
    shift: has('shift'),
  }
}

/** Clicks the item of the application menu that a key belongs to. */
export function pressAccelerator(pressed: Pressed & { meta: boolean }): void {
  const item = flat(applicationMenu).find(({ accelerator, role }) => {
    if (accelerator === undefined || pressed.meta || (role !== undefined && LEFT_TO_CHROMIUM.includes(role))) return false
    const { key, control, alt, shift } = parseAccelerator(accelerator)
    return key === pressed.key.toLowerCase() && control === pressed.control && alt === pressed.alt && shift === pressed.shift
  })
  item?.click()
}

function flat(menu: Menu | null | undefined): MenuItem[] {
  return menu?.items.flatMap((item) => [item, ...flat(item.submenu)]) ?? []
}
