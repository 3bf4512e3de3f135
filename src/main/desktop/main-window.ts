import { BrowserWindow, MessageChannelMain, type MessagePortMain, screen } from 'electron'
import { PORT_OFFER, PORT_REQUEST } from '../../shared/window-port'
import { isPageUrl, pageOrigin, pageUrl } from './page-protocol'
import { recoverPage } from './page-recovery'
import { backgroundColor } from './theme'
import { type BoundsStore, boundsToOpen, MIN_HEIGHT, MIN_WIDTH } from './window-bounds'

export interface MainWindow {
  /** Brings it to the front; makes it anew when there is none. */
  show(): void
}

/** The one window. Closing it hides it, so that its page keeps its state; the tray or a second start brings it back. */
export function setupMainWindow(options: {
  bounds: BoundsStore
  /** Absolute path of the built preload. */
  preload: string
  /** Absolute path of the icon that Linux and Windows show. */
  icon: string
  isQuitting(): boolean
  /** The page has ended unasked, and is being loaded again. */
  onPageReload(): void
  /** The main process's end of a port to the page; not started yet. */
  onPort(port: MessagePortMain): void
}): MainWindow {
  let window: BrowserWindow | null = null

  function open(): BrowserWindow {
    const saved = options.bounds.load()
    const opened = new BrowserWindow({
      ...boundsToOpen(
        saved,
        screen.getAllDisplays().map((display) => display.workArea),
      ),
      minWidth: MIN_WIDTH,
      minHeight: MIN_HEIGHT,
      show: false,
      title: 'Berth',
      icon: options.icon,
      backgroundColor: backgroundColor(),
      webPreferences: {
        preload: options.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
      },
    })
    opened.once('ready-to-show', () => {
      if (saved?.isMaximized) opened.maximize()
      opened.show()
    })
    opened.on('close', (event) => {
      options.bounds.save({ bounds: opened.getNormalBounds(), isMaximized: opened.isMaximized() })
      if (options.isQuitting()) return
      event.preventDefault()
      opened.hide()
    })
    opened.on('closed', () => {
      window = null
    })
    givePorts(opened, options.onPort)
    recoverPage(opened, { isQuitting: options.isQuitting, onReload: options.onPageReload })
    void opened.loadURL(pageUrl())
    return opened
  }

  window = open()
  return {
    show() {
      if (window === null) {
        window = open()
        return
      }
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
  }
}

/** A port to the page each time it asks, but to nothing else that may be in the window. */
function givePorts(window: BrowserWindow, onPort: (port: MessagePortMain) => void): void {
  const { webContents } = window
  webContents.ipc.on(PORT_REQUEST, (event) => {
    const frame = event.senderFrame
    if (frame === null || frame !== webContents.mainFrame || !isPageUrl(frame.url, pageOrigin())) return
    const { port1, port2 } = new MessageChannelMain()
    onPort(port1)
    frame.postMessage(PORT_OFFER, null, [port2])
  })
}
