import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, type MessageBoxOptions, shell } from 'electron'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Settings } from '../../shared/contract/settings'
import { log } from '../log'
import { plainNotes, type ReleaseNotes } from './release-notes'

/** After the start, which has more important things to do. */
const FIRST_CHECK_MS = 60_000
const CHECK_EVERY_MS = 24 * 60 * 60 * 1000

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  allowPrerelease: boolean
  allowDowngrade: boolean
  logger: unknown
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: FoundUpdate } | null>
  downloadUpdate(): Promise<unknown>
  quitAndInstall(isSilent?: boolean, isForceRunAfter?: boolean): void
  on(event: 'appimage-filename-updated', listener: (path: string) => void): unknown
}

interface FoundUpdate {
  version: string
  releaseNotes?: ReleaseNotes
}

export interface UpdatesOptions {
  settings: { get(): Settings }
  /** Of this app. */
  version: string
  quit(): void
  platform?: NodeJS.Platform
  /** Where electron-builder puts what it tells the app. */
  resources?: string
  load?(): Promise<Updater>
}

/** Who installs a newer version: the app, or a package manager, who wants root; null when this app does not know where newer ones are. */
type Installation = { byApp: boolean; releases: string | null } | null

const originSchema = z.object({ provider: z.string(), owner: z.string().optional(), repo: z.string().optional() })

/**
 * Looks for newer versions soon after the start and daily, as far as the setting wants it, and downloads them; installs and restarts only when somebody says so. Returns
 * what the menu does.
 */
export function setupUpdates({
  settings,
  version,
  quit,
  platform = process.platform,
  resources = process.resourcesPath,
  load = loadUpdater,
}: UpdatesOptions): { checkNow(): void } {
  let updater: Promise<Updater> | null = null
  let underWay: Promise<void> | null = null
  /** Not asked for again before the next start. */
  let postponed: string | null = null
  let downloaded: string | null = null
  /** Of an AppImage, whose name has its version in it. */
  let appImage = process.env.APPIMAGE

  async function prepare(): Promise<Updater> {
    const loaded = await load()
    loaded.autoDownload = false
    loaded.autoInstallOnAppQuit = false
    loaded.allowDowngrade = false
    loaded.logger = { info: quiet, warn: quiet, error: quiet, debug: quiet }
    loaded.on('appimage-filename-updated', (path) => {
      appImage = path
    })
    return loaded
  }

  async function look(byHand: boolean): Promise<void> {
    const installation = app.isPackaged ? await installationAt(resources) : null
    if (installation === null) {
      if (byHand) await tell('This copy of Berth does not look for updates.', 'It was not installed from a release.')
      return
    }
    updater ??= prepare()
    const current = await updater
    current.allowPrerelease = settings.get().updates === 'beta'
    const found = await current.checkForUpdates()
    if (found === null || !found.isUpdateAvailable) {
      if (byHand) await tell(`Berth ${version} is the newest version.`)
      return
    }
    const update = found.updateInfo
    if (!byHand && update.version === postponed) return
    if (!installation.byApp) return tellOfPackage(update, installation.releases)
    if (downloaded !== update.version) await current.downloadUpdate()
    downloaded = update.version
    await offer(current, update, byHand)
  }

  async function offer(current: Updater, update: FoundUpdate, byHand: boolean): Promise<void> {
    const answer = await ask(
      {
        message: `Berth ${update.version} is ready to be installed.`,
        detail:
          `${plainNotes(update.releaseNotes)}\n\nInstalling restarts Berth. Workspaces keep running, unless your settings stop them on quit.`.trim(),
        buttons: ['Restart and Install', 'Later'],
      },
      byHand,
    )
    if (answer === 0) restart(current)
    else if (answer !== null) postponed = update.version
  }

  async function tellOfPackage(update: FoundUpdate, releases: string | null): Promise<void> {
    const answer = await ask({
      message: `Berth ${update.version} is available.`,
      detail:
        `${plainNotes(update.releaseNotes)}\n\nThis Berth was installed by your system’s package manager, which installs the newer package, too.`.trim(),
      buttons: releases === null ? ['Close'] : ['Open Download Page', 'Later'],
    })
    if (answer === null) return
    postponed = update.version
    if (answer === 0 && releases !== null) await shell.openExternal(releases)
  }

  /** Quits as always first: workspaces that are to stop get their time, and what is under way is put down. */
  function restart(current: Updater): void {
    // Squirrel does the waiting by itself.
    if (platform === 'darwin') return current.quitAndInstall()
    app.once('quit', (_event, exitCode) => {
      if (exitCode !== 0) return
      // The installer of Windows starts the app; an AppImage would start while this one still has the home.
      current.quitAndInstall(true, platform === 'win32')
      if (platform === 'linux' && appImage !== undefined) app.relaunch({ execPath: appImage, args: [] })
    })
    quit()
  }

  /** The button; null when there is nobody to ask. On macOS a dialog without a window keeps everything else from running until it is answered. */
  async function ask(options: MessageBoxOptions, byHand = true): Promise<number | null> {
    const window = BrowserWindow.getAllWindows().find((candidate) => candidate.isVisible())
    if (window === undefined && platform === 'darwin' && !byHand) return null
    const last = (options.buttons?.length ?? 1) - 1
    const whole: MessageBoxOptions = { type: 'info', title: 'Berth', noLink: true, defaultId: last, cancelId: last, ...options }
    const { response } = await (window === undefined ? dialog.showMessageBox(whole) : dialog.showMessageBox(window, whole))
    return response
  }

  async function tell(message: string, detail = ''): Promise<void> {
    await ask({ message, detail, buttons: ['OK'] })
  }

  function check(byHand: boolean): void {
    // A second look would download twice.
    if (underWay !== null) return
    underWay = look(byHand)
      .catch(async (error: unknown) => {
        log.warn({ err: error }, 'Looking for updates failed')
        if (byHand) await tell('Berth could not look for updates.', error instanceof Error ? firstLine(error.message) : '')
      })
      .finally(() => {
        underWay = null
      })
  }

  const checkIfWanted = () => {
    if (settings.get().updates !== 'off') check(false)
  }
  setTimeout(checkIfWanted, FIRST_CHECK_MS).unref()
  setInterval(checkIfWanted, CHECK_EVERY_MS).unref()
  return { checkNow: () => check(true) }
}

async function loadUpdater(): Promise<Updater> {
  const { default: electronUpdater } = await import('electron-updater')
  return electronUpdater.autoUpdater
}

/** By what electron-builder has put there for the app. */
async function installationAt(resources: string): Promise<Installation> {
  const origin = join(resources, 'app-update.yml')
  if (!existsSync(origin)) return null
  const { provider, owner, repo } = originSchema.parse(parse(await readFile(origin, 'utf8')))
  const releases =
    provider === 'github' && owner !== undefined && repo !== undefined ? `https://github.com/${owner}/${repo}/releases` : null
  // Of the packages for Linux, only an AppImage belongs to the user.
  return { byApp: !existsSync(join(resources, 'package-type')), releases }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 300) ?? ''
}

function quiet(message: unknown): void {
  log.debug({ message }, 'electron-updater')
}
