import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import { onEndSignal } from '../api/end-signals'
import { openDoor } from '../api/open-door'
import { createRouter } from '../api/router'
import { berthHome } from '../berth-home'
import { createCore } from '../core'
import { watchEventLoop } from '../event-loop-watch'
import { iconsPath, imageContextPath, pagePath, screenWorkerPath } from '../resource-paths'
import { version } from '../version'
import { setupApplicationMenu } from './application-menu'
import { setupMainWindow } from './main-window'
import { createMenuLink } from './menu-link'
import { setupNavigationGuard } from './navigation-guard'
import { pageOrigin, registerPageScheme, servePage } from './page-protocol'
import { setupPermissions } from './permissions'
import { connectPort } from './port-broker'
import { setupQuit } from './quit'
import { claimSingleInstance } from './single-instance'
import { reportFaults, reportStartFailure } from './start-failure'
import { setupTheme } from './theme'
import { setupTray } from './tray'
import { setupUpdates } from './updates'
import { openBoundsStore } from './window-bounds'

const home = berthHome()
const userData = join(home, 'desktop')

async function start(onSecondStart: (show: () => void) => void): Promise<void> {
  await app.whenReady()
  const core = await createCore({
    home,
    door: 'desktop',
    version,
    imageContextPath: imageContextPath(),
    screenWorkerPath: screenWorkerPath(),
  })
  const quit = setupQuit(core)
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
    isQuitting: quit.isUnderWay,
    onPageReload: () => menuLink.tellNext({ command: 'page-recovered' }),
    onPort: (port) => connectPort(port, { router, attachStream, onMenuPort: menuLink.connect }),
  })
  const send = menuLink.sendTo(window)
  const updates = setupUpdates({ settings: core.settings, version, quit: quit.now })
  setupApplicationMenu({ send, checkForUpdates: updates.checkNow })
  setupTray({ core, icons: iconsPath(), open: window.show, send })
  onSecondStart(window.show)
}

try {
  // Each BERTH_HOME is a Berth of its own, with its own profile and its own single instance. Electron wants the folder to be there.
  mkdirSync(userData, { recursive: true, mode: 0o700 })
  app.setPath('userData', userData)
  const onSecondStart = claimSingleInstance()
  if (onSecondStart === null) app.exit(0)
  else {
    reportFaults()
    registerPageScheme()
    setupNavigationGuard(pageOrigin())
    start(onSecondStart).catch(reportStartFailure)
  }
} catch (error) {
  reportStartFailure(error)
}
