import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type * as Electron from 'electron'
import type { SettingsPatch } from '../src/shared/contract/settings'
import { type Berth, connectTo, endAndRemove, makeHome } from './berth-process'

/** Stands in for Electron's binary where there is none. */
export const STAND_IN = resolve('test/electron-stand-in/electron')

/** The folder of the built app; another one where faults are put into it. */
const APP = process.env.BERTH_DESKTOP_APP ?? resolve('.')

/** Why the desktop app is not run by Electron itself here; null when it is. The binary is fetched when Electron first runs, not when its package is installed. */
export function electronHindrance(): string | null {
  if (!existsSync(join(import.meta.dirname, '../node_modules/electron/path.txt'))) return 'there is no Electron binary'
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display'
  return null
}

/** A desktop app with a home and ports of its own. */
export interface DesktopBerth extends Berth {
  app: ElectronApplication
  /** Known beyond its end. */
  child: ChildProcess
  page: Page
  /** What it is started with, for another start. */
  env: NodeJS.ProcessEnv
}
type Launched = Pick<DesktopBerth, 'app' | 'child' | 'page' | 'env'>

/** The built desktop app in `home`, run by Electron or what stands in for it. Resolves when its window has a page. */
export async function launchDesktop(home: string): Promise<Launched> {
  const env = { BERTH_LOG_LEVEL: 'error', ...(process.env as Record<string, string>), BERTH_HOME: home, HOME: home }
  const isReal = electronHindrance() === null
  const app = await _electron.launch({
    ...(isReal ? {} : { executablePath: STAND_IN }),
    args: [APP],
    cwd: APP,
    env,
    // Nothing but what Berth asks for.
    colorScheme: null,
    acceptDownloads: true,
  })
  const child = app.process()
  if (process.env.BERTH_STAND_IN_DEBUG) child.stderr?.pipe(process.stderr)
  const page = await app.firstWindow()
  await app.evaluate(watchSystem)
  return { app, child, page, env }
}

/** What the desktop app has given to the system, instead of a browser that opens and a tray that nobody can look at. Runs in its main process. */
function watchSystem({ dialog, Notification, shell, Tray }: typeof Electron): void {
  const seen: SystemParts = { opened: [], tray: null, toolTip: '', notifications: [], questions: [] }
  Object.assign(globalThis, { systemParts: seen })
  shell.openExternal = async (url) => void seen.opened.push(url)
  Notification.prototype.show = function () {
    seen.notifications.push(this)
  }
  const showMessageBox = ((...given: unknown[]) => {
    const { message, buttons = [] } = given.at(-1) as Electron.MessageBoxOptions
    return new Promise((resolve) =>
      seen.questions.push({ message, answer: (button) => resolve({ response: buttons.indexOf(button), checkboxChecked: false }) }),
    )
  }) as typeof dialog.showMessageBox
  Object.assign(dialog, { showMessageBox })
  const { setContextMenu, setToolTip } = Tray.prototype
  Tray.prototype.setContextMenu = function (menu) {
    seen.tray = menu
    setContextMenu.call(this, menu)
  }
  Tray.prototype.setToolTip = function (text) {
    seen.toolTip = text
    setToolTip.call(this, text)
  }
}

/** In the main process of a desktop app that tests have started, as the global `systemParts`. */
interface SystemParts {
  /** Addresses, in their order. */
  opened: string[]
  /** The menu of the icon in the tray, once it has changed. */
  tray: Electron.Menu | null
  toolTip: string
  /** Those that were shown. */
  notifications: Electron.Notification[]
  /** Message boxes, with what clicks a button. */
  questions: { message: string; answer(button: string): void }[]
}

declare global {
  var systemParts: SystemParts
}

/** Clicks in the application menu; `path` are the labels, from the menu bar down. */
export function clickMenu(app: ElectronApplication, ...path: string[]): Promise<void> {
  return app.evaluate(({ Menu }, path) => {
    let menu = Menu.getApplicationMenu() ?? undefined
    for (const [depth, label] of path.entries()) {
      const item = menu?.items.find((candidate) => candidate.label === label)
      if (item === undefined) throw new Error(`There is no ${label} in ${menu?.items.map(({ label }) => label)}`)
      if (depth === path.length - 1) item.click()
      menu = item.submenu
    }
  }, path)
}

/** Labels in the menu of the icon in the tray; empty before it has changed. */
export function trayLabels(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => globalThis.systemParts.tray?.items.map(({ label }) => label) ?? [])
}

/** Clicks there; false when there is no such item, or it cannot be clicked. */
export function clickTray(app: ElectronApplication, ...path: string[]): Promise<boolean> {
  return app.evaluate((_, path) => {
    let menu = globalThis.systemParts.tray ?? undefined
    for (const [depth, label] of path.entries()) {
      const item = menu?.items.find((candidate) => candidate.label === label)
      if (!item?.enabled) return false
      if (depth === path.length - 1) item.click()
      menu = item.submenu
    }
    return true
  }, path)
}

/** Starts it once more with the same home, and these arguments; resolves with its exit code. */
export async function startOnceMore({ child: first, env }: Pick<DesktopBerth, 'child' | 'env'>, ...args: string[]): Promise<number | null> {
  const child = spawn(first.spawnfile, ['--no-sandbox', APP, ...args], { env, cwd: APP, stdio: 'ignore' })
  await once(child, 'exit')
  return child.exitCode
}

export async function startDesktop(settings: SettingsPatch = {}): Promise<DesktopBerth> {
  const home = await makeHome(settings)
  const launched = await launchDesktop(home)
  const { child } = launched
  try {
    const { close, ...berth } = await connectTo(home)
    return {
      ...berth,
      ...launched,
      home,
      pid: child.pid ?? 0,
      link: '',
      async dispose() {
        close()
        await quit(launched)
        await endAndRemove(child, home)
      },
    }
  } catch (error) {
    await endAndRemove(child, home)
    throw error
  }
}

/** As its menu does; resolves with the exit code. */
export async function quit({ app, child }: Pick<Launched, 'app' | 'child'>): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  // It may be gone before it has answered.
  app.evaluate(({ app }) => app.quit()).catch(() => undefined)
  await ended
  return child.exitCode
}
