import { app, dialog, globalShortcut } from 'electron'
import type { Settings } from '../../shared/contract/settings'
import { log } from '../log'
import type { WatchedSettings } from './watched-settings'

/** Keys of the setting that bring the window to the front from any program. Some that do not work are told in a dialog, once. */
export function setupGlobalShortcut({ settings, show }: { settings: WatchedSettings; show(): void }): void {
  let current: string | null = null

  function follow({ globalShortcut: wanted }: Settings): void {
    if (wanted === current) return
    if (current !== null) globalShortcut.unregisterAll()
    current = wanted
    if (wanted === null) return
    try {
      if (!globalShortcut.register(wanted, show)) tell(`The shortcut ${wanted} is taken by another program.`)
    } catch (error) {
      // Electron throws for what names no keys.
      log.info({ err: error }, 'The global shortcut was refused')
      tell(`“${wanted}” is not a valid shortcut.`)
    }
  }

  follow(settings.get())
  settings.onChange(follow)
  app.on('will-quit', () => globalShortcut.unregisterAll())
}

function tell(message: string): void {
  const options = {
    type: 'warning' as const,
    title: 'Berth',
    message,
    detail: 'Choose another one in the settings under Desktop, such as CommandOrControl+Alt+B.',
  }
  dialog.showMessageBox(options).catch((error: unknown) => log.error({ err: error }, 'A dialog could not be shown'))
}
