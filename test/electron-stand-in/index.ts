/** The module `electron` as the main process sees it. What it does otherwise than Electron is in README.md beside it. */
import { app } from './app'
import { BrowserWindow } from './browser-window'
import { dialog, globalShortcut, Notification, screen, shell, standIn, Tray } from './desktop-parts'
import { ipcMain } from './ipc-main'
import { Menu, MenuItem, setFocusedWindow } from './menu'
import { MessageChannelMain } from './message-ports'
import { nativeTheme } from './native-theme'
import { protocol } from './protocol'
import { session } from './session'
import { webContents } from './web-contents'

setFocusedWindow(BrowserWindow.getFocusedWindow)

export {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  Notification,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  standIn,
  Tray,
  webContents,
}
export default {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeTheme,
  Notification,
  protocol,
  screen,
  session,
  shell,
  standIn,
  Tray,
  webContents,
}
