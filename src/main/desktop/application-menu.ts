import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../shared/door-port'

interface MenuActions {
  /** Tells the page. */
  send(command: MenuCommand): void
  checkForUpdates(): void
}

export function setupApplicationMenu(actions: MenuActions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(actions, process.platform)))
}

/** The standard menus, and what Berth's page can be told to do. */
export function applicationMenu({ send, checkForUpdates }: MenuActions, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const settings: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => send({ command: 'settings' }),
  }
  const updates: MenuItemConstructorOptions = { label: 'Check for Updates…', click: checkForUpdates }
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const macMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      updates,
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
  return [
    ...(isMac ? [macMenu] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Workspace…', accelerator: 'CmdOrCtrl+N', click: () => send({ command: 'new-workspace' }) },
        separator,
        ...(isMac ? [] : [settings, separator]),
        { role: 'close' },
        ...(isMac ? [] : [{ role: 'quit' } satisfies MenuItemConstructorOptions]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        // Ctrl+K belongs to the shell in a terminal, so the page takes it, where it may.
        { label: 'Command Palette…', accelerator: 'CmdOrCtrl+Shift+P', click: () => send({ command: 'palette' }) },
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Get Started…', click: () => send({ command: 'first-run' }) },
        { label: 'Keyboard Shortcuts', click: () => send({ command: 'shortcuts' }) },
        separator,
        { label: 'Report a Problem…', click: () => send({ command: 'problem-report' }) },
        ...(isMac ? [] : [separator, updates, { role: 'about' } satisfies MenuItemConstructorOptions]),
      ],
    },
  ]
}
