import type { MenuCommand } from '../../shared/door-port'
import type { MainWindow } from './main-window'
import type { MenuPort } from './port-broker'

export interface MenuLink {
  /** The page listens on this from now on. */
  connect(port: MenuPort): void
  /** Shows the window and tells its page; a page that does not listen yet is told once it does. */
  sendTo(window: MainWindow): (command: MenuCommand) => void
}

export function createMenuLink(): MenuLink {
  let port: MenuPort | null = null
  let waiting: MenuCommand | null = null
  return {
    connect(connected) {
      port = connected
      connected.onClose(() => {
        if (port === connected) port = null
      })
      if (waiting !== null) connected.send(waiting)
      waiting = null
    },
    sendTo: (window) => (command) => {
      window.show()
      if (port === null) waiting = command
      else port.send(command)
    },
  }
}
