import { dialog } from 'electron'
import type { Operation } from '../../shared/operation'
import type { Workspace } from '../../shared/workspace'
import { log } from '../log'

/** Longer than any stop takes: after two minutes and a quarter the engine kills what has not ended. */
const LONGEST_STOP_MS = 150_000
/** An idle workspace stops in less than a second; only what takes longer is worth a question. */
const ASK_AFTER_MS = 2000

export interface StopOnQuitCore {
  workspaces: { list(): Workspace[]; stop(reference: string): Promise<{ operation: Pick<Operation, 'id'> }> }
  operations: { get(id: string): Operation; whenEnded(id: string): Promise<unknown> }
}

/**
 * Stops the running workspaces, each with all the time that a stop has, so that databases inside can save. While that takes long a dialog says
 * who is waited for, and lets the user quit at once: the engine then goes on stopping them. Not on macOS, where a dialog without a window keeps everything else
 * from running until it is answered, and no signal closes it.
 */
export async function stopOnQuit({ workspaces, operations }: StopOnQuitCore, platform = process.platform): Promise<void> {
  const ended = new AbortController()
  const underWay = new Map<string, string>()
  const running = workspaces.list().filter(({ running }) => running)
  const stops = running.map(async ({ id, name }) => {
    try {
      const { operation } = await workspaces.stop(id)
      underWay.set(operation.id, name)
      await operations.whenEnded(operation.id)
      underWay.delete(operation.id)
    } catch (error) {
      // It is busy, or the engine is gone: that must not keep Berth from ending.
      log.warn({ err: error, workspace: name }, 'A workspace could not be stopped on quit')
    }
  })
  const asked = new Promise<void>((resolve) => {
    if (platform === 'darwin') return
    const ask = setTimeout(() => {
      const detail = [...underWay].map(([id, name]) => `${name}: ${waitingOf(operations.get(id))}`).join('\n')
      askToQuit(detail, ended.signal).then(resolve, (error: unknown) =>
        log.error({ err: error }, 'The question before quitting could not be shown'),
      )
    }, ASK_AFTER_MS)
    ended.signal.addEventListener('abort', () => clearTimeout(ask))
  })
  const limit = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_STOP_MS).unref())
  await Promise.race([Promise.all(stops), asked, limit])
  ended.abort()
}

function waitingOf({ steps }: Operation): string {
  return steps.find(({ status }) => status === 'running')?.detail ?? 'Stopping…'
}

/** Resolves when the user does not want to wait; the signal closes the dialog. */
async function askToQuit(detail: string, signal: AbortSignal): Promise<void> {
  await dialog.showMessageBox({
    type: 'info',
    title: 'Berth',
    message: 'Berth quits as soon as your workspaces have stopped.',
    detail: `${detail}\n\nIf you quit now, they still get the time they need.`,
    buttons: ['Quit Now'],
    noLink: true,
    signal,
  })
}
