import { app } from 'electron'
import type { Settings } from '../../shared/contract/settings'
import type { Workspace } from '../../shared/workspace'
import { log } from '../log'

/** Workspaces that do not stop in this time go on running. */
const STOP_TIMEOUT_MS = 30_000

interface QuitCore {
  settings: { get(): Settings }
  workspaces: { list(): Workspace[]; stop(reference: string): Promise<{ operation: { id: string } }> }
  operations: { whenEnded(id: string): Promise<unknown> }
  close(): Promise<void>
}

export interface Quit {
  isUnderWay(): boolean
  now(): void
  /** Called at the end, before the core is closed. */
  onEnd(close: () => Promise<void>): void
}

/** Quitting leaves workspaces running, or stops them first when the setting says so; then doors and core are closed, once. */
export function setupQuit(core: QuitCore): Quit {
  let isUnderWay = false
  let isEnding = false
  const closers: (() => Promise<void>)[] = []

  async function end(): Promise<void> {
    try {
      if (core.settings.get().stopWorkspacesOnQuit) await stopAll(core)
      for (const close of closers) await close()
      await core.close()
      app.exit(0)
    } catch (error) {
      log.error({ err: error }, 'Berth did not end as it should')
      app.exit(1)
    }
  }

  app.on('before-quit', () => {
    isUnderWay = true
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
    now: () => app.quit(),
    onEnd: (close) => void closers.push(close),
  }
}

async function stopAll(core: QuitCore): Promise<void> {
  const running = core.workspaces.list().filter(({ status }) => status === 'running')
  const stops = running.map(async ({ id, name }) => {
    try {
      const { operation } = await core.workspaces.stop(id)
      await core.operations.whenEnded(operation.id)
    } catch (error) {
      // It is busy, or the engine is gone: that must not keep Berth from ending.
      log.warn({ err: error, workspace: name }, 'A workspace could not be stopped at the end')
    }
  })
  await Promise.race([Promise.all(stops), new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref())])
}
