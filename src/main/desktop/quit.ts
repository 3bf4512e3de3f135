import { app } from 'electron'
import type { Settings } from '../../shared/contract/settings'
import { log } from '../log'
import { type StopOnQuitCore, stopOnQuit } from './stop-on-quit'

interface QuitCore extends StopOnQuitCore {
  settings: { get(): Settings }
  close(): Promise<void>
}

export interface Quit {
  isUnderWay(): boolean
  /** Without a question: nobody is there to answer it. */
  now(): void
  isUnattended(): boolean
  /** Called at the end, before the core is closed. */
  onEnd(close: () => Promise<void>): void
}

/** Quitting leaves workspaces running, or stops them first when the setting says so; then doors and core are closed, once. */
export function setupQuit(core: QuitCore): Quit {
  let isUnderWay = false
  let isEnding = false
  let isUnattended = false
  const closers: (() => Promise<void>)[] = []

  async function end(): Promise<void> {
    try {
      if (core.settings.get().stopWorkspacesOnQuit) await stopOnQuit(core)
      for (const close of closers) await close()
      await core.close()
      app.exit(0)
    } catch (error) {
      log.error({ err: error }, 'Berth did not shut down cleanly')
      app.exit(1)
    }
  }

  app.on('before-quit', (event) => {
    isUnderWay = !event.defaultPrevented
  })
  // The window was hidden, not closed, or there is none: the tray keeps the app.
  app.on('window-all-closed', () => {})
  app.on('will-quit', (event) => {
    event.preventDefault()
    if (isEnding) return
    isEnding = true
    void end()
  })
  return {
    isUnderWay: () => isUnderWay,
    isUnattended: () => isUnattended,
    now() {
      isUnattended = true
      app.quit()
    },
    onEnd: (close) => void closers.push(close),
  }
}
