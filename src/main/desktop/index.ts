import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import { DESKTOP_LOG_FILE } from '../../shared/log-files'
import { onEndSignal } from '../api/end-signals'
import { openDoor } from '../api/open-door'
import { createRouter } from '../api/router'
import { berthHome } from '../berth-home'
import { createCore } from '../core'
import { watchEventLoop } from '../event-loop-watch'
import { log, logToFile } from '../log'
import { iconsPath, imageContextPath, pagePath, screenWorkerPath } from '../resource-paths'
import { version } from '../version'
import { openAnswers } from './answers'
import { setupApplicationMenu } from './application-menu'
import { acceptDrops } from './dropped-paths'
import { setupGlobalShortcut } from './global-shortcut'
import { takeOver } from './hand-over'
import { setupMainWindow } from './main-window'
import { createMenuLink } from './menu-link'
import { setupNavigationGuard } from './navigation-guard'
import { setupNotifications } from './notifications'
import { catchOutsideRequests, createOutsideRequests, type EarlyRequests } from './outside-requests'
import { pageOrigin, registerPageScheme, servePage } from './page-protocol'
import { setupPermissions } from './permissions'
import { connectPort } from './port-broker'
import { setupQuit } from './quit'
import { setupQuitQuestion } from './quit-question'
import { claimSingleInstance } from './single-instance'
import { HIDDEN_ARGUMENT, setupStartAtLogin } from './start-at-login'
import { reportFaults, reportStartFailure } from './start-failure'
import { setupTheme } from './theme'
import { setupTray } from './tray'
import { setupUpdates } from './updates'
import { openBoundsStore } from './window-bounds'

const home = berthHome()
const userData = join(home, 'desktop')

async function start(claimed: NonNullable<ReturnType<typeof claimSingleInstance>>, early: EarlyRequests): Promise<void> {
  await app.whenReady()
  logToFile(home, DESKTOP_LOG_FILE)
  log.info({ version, electron: process.versions.electron, platform: process.platform, arch: process.arch }, 'Berth starts')
  const core = await takeOver(home, () =>
    createCore({
      home,
      door: 'desktop',
      version,
      imageContextPath: imageContextPath(),
      screenWorkerPath: screenWorkerPath(),
      logFile: join(home, DESKTOP_LOG_FILE),
    }),
  )
  if (core === null) return app.exit(0)
  const quit = setupQuit(core)
  setupQuitQuestion({ core, answers: openAnswers(userData), isUnattended: quit.isUnattended })
  onEndSignal(quit.now)
  watchEventLoop()
  const router = createRouter(core, { quit: quit.now })
  const attachStream = core.attachStream
  const opened = await openDoor({
    home,
    damagedFiles: core.damagedFiles,
    router,
    attachStream,
    files: core.files,
    staticRoot: pagePath(),
    version,
  })
  quit.onEnd(opened.close)

  servePage(pagePath(), core.files)
  setupPermissions(pageOrigin())
  setupTheme(core.settings)
  const menuLink = createMenuLink()
  const window = setupMainWindow({
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    icon: join(iconsPath(), 'icon.png'),
    bounds: openBoundsStore(userData),
    isHidden: process.argv.includes(HIDDEN_ARGUMENT),
    isQuitting: quit.isUnderWay,
    onPageReload: () => menuLink.tellNext({ command: 'page-recovered' }),
    onPort: (port) => connectPort(port, { router, attachStream, onMenuPort: menuLink.connect }),
  })
  const send = menuLink.sendTo(window)
  const updates = setupUpdates({ settings: core.settings, version, quit: quit.now })
  setupApplicationMenu({ send, checkForUpdates: updates.checkNow })
  setupTray({ core, icons: iconsPath(), open: window.show, send })
  setupNotifications(core, { send, show: window.show })
  setupStartAtLogin({ settings: core.settings })
  setupGlobalShortcut({ settings: core.settings, show: window.show })
  const requests = createOutsideRequests(core, send)
  early.connect(requests)
  requests.openArguments(process.argv, process.cwd())
  acceptDrops(requests.openPath)
  claimed(({ argv, workingDirectory }) => {
    window.show()
    requests.openArguments(argv, workingDirectory)
  })
}

try {
  // Each BERTH_HOME is a Berth of its own, with its own profile and its own single instance. Electron wants the folder to be there.
  mkdirSync(userData, { recursive: true, mode: 0o700 })
  app.setPath('userData', userData)
  const claimed = claimSingleInstance()
  if (claimed === null) app.exit(0)
  else {
    reportFaults()
    registerPageScheme()
    setupNavigationGuard(pageOrigin())
    start(claimed, catchOutsideRequests()).catch(reportStartFailure)
  }
} catch (error) {
  reportStartFailure(error)
}
