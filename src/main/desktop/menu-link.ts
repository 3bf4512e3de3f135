import type { MenuCommand } from '../../shared/door-port'
import type { MainWindow } from './main-window'
import type { MenuPort } from './port-broker'

export interface MenuLink {
  /** The page listens on this from now on. */
  connect(port: MenuPort): void
  /** Tells the page; one that does not listen yet is told once it does. */
  tell(command: MenuCommand): void
  /** Tells the page that comes next: the one that listens now is gone. */
  tellNext(command: MenuCommand): void
  /** Shows the window, too. */
  sendTo(window: MainWindow): (command: MenuCommand) => void
}

export function createMenuLink(): MenuLink {
  let port: MenuPort | null = null
  let waiting: MenuCommand[] = []

  function tell(command: MenuCommand): void {
    // Of what somebody has asked for meanwhile, the last is what is wanted.
    if (port === null) waiting = [...waiting.filter((other) => other.command === 'page-recovered'), command]
    else port.send(command)
  }

  return {
    connect(connected) {
      port = connected
      connected.onClose(() => {
        if (port === connected) port = null
      })
      for (const command of waiting) connected.send(command)
      waiting = []
    },
    tell,
    tellNext(command) {
      port = null
      waiting.push(command)
    },
    sendTo: (window) => (command) => {
      window.show()
      tell(command)
    },
  }
}
