import { type BrowserWindow, dialog, type RenderProcessGoneDetails } from 'electron'
import { log } from '../log'

/** A page that ends more often than this within the time is not loaded again without a question: it would go on ending. */
const MOST_RELOADS = 3
const WITHIN_MS = 60_000

/**
 * Loads the page again when its process has ended, and asks when it does not answer. Terminals, workspaces and all work are the main process's and go on meanwhile.
 * `onReload`: it is being loaded again, and may say so once it is there.
 */
export function recoverPage(window: BrowserWindow, { isQuitting, onReload }: { isQuitting(): boolean; onReload(): void }): void {
  const { webContents } = window
  let reloads: number[] = []
  let question: AbortController | null = null

  function reload(): void {
    onReload()
    webContents.reload()
  }

  function ended({ reason, exitCode }: RenderProcessGoneDetails): void {
    question?.abort()
    if (reason === 'clean-exit' || isQuitting() || window.isDestroyed()) return
    log.error({ reason, exitCode }, 'The renderer process ended')
    const now = Date.now()
    reloads = [...reloads.filter((at) => at > now - WITHIN_MS), now]
    if (reloads.length <= MOST_RELOADS) reload()
    else {
      const message = 'Berth’s window keeps crashing.'
      ask(message, `It crashed ${reloads.length} times within a minute (${reason}). Workspaces and terminals keep running.`, 'Close')
    }
  }

  function ask(message: string, detail: string, other: string): void {
    question?.abort()
    const asked = new AbortController()
    question = asked
    const options = { type: 'warning' as const, title: 'Berth', message, detail, buttons: ['Reload', other], defaultId: 0, cancelId: 1 }
    dialog.showMessageBox(window, { ...options, signal: asked.signal }).then(
      ({ response }) => {
        if (question === asked) question = null
        if (response !== 0 || asked.signal.aborted || window.isDestroyed()) return
        // One that hangs does not hear of a reload.
        if (!webContents.isCrashed()) webContents.forcefullyCrashRenderer()
        reload()
      },
      (error: unknown) => log.error({ err: error }, 'A dialog could not be shown'),
    )
  }

  webContents.on('render-process-gone', (_event, details) => ended(details))
  webContents.on('unresponsive', () => {
    log.error('The renderer process is not responding')
    ask('Berth’s window is not responding.', 'You can wait, or reload it. Workspaces and terminals keep running.', 'Wait')
  })
  webContents.on('responsive', () => question?.abort())
}
