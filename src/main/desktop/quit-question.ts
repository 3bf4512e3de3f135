import { app, dialog } from 'electron'
import type { Settings } from '../../shared/contract/settings'
import type { Workspace } from '../../shared/workspace'
import { log } from '../log'
import type { Answers } from './answers'

interface QuestionCore {
  workspaces: { list(): Workspace[] }
  settings: { get(): Settings; update(changes: { stopWorkspacesOnQuit: boolean }): unknown }
}

const STOP = 1
const CANCEL = 2

/**
 * Asks once, at the first quit while workspaces are running, whether they are to be stopped, and sets `stopWorkspacesOnQuit` by the answer. A quit that nobody is there to
 * answer for (a signal, an installation) is not asked about.
 */
export function setupQuitQuestion({
  core,
  answers,
  isUnattended,
}: {
  core: QuestionCore
  answers: Answers
  isUnattended(): boolean
}): void {
  let isAsking = false

  async function ask(): Promise<void> {
    const running = core.workspaces.list().filter(({ running }) => running).length
    const { response } = await dialog.showMessageBox({
      type: 'question',
      title: 'Berth',
      message: running === 1 ? 'Keep the running workspace running?' : `Keep the ${running} running workspaces running?`,
      detail: 'They can keep running without Berth. You can change this in the settings, under Desktop.',
      buttons: ['Keep Running', 'Stop on Quit', 'Cancel'],
      defaultId: 0,
      cancelId: CANCEL,
      noLink: true,
    })
    if (response === CANCEL) return
    core.settings.update({ stopWorkspacesOnQuit: response === STOP })
    answers.remember('quit')
    app.quit()
  }

  app.prependListener('before-quit', (event) => {
    const isAnswered = answers.hasAnswered('quit') || core.settings.get().stopWorkspacesOnQuit
    if (isUnattended() || isAnswered || !core.workspaces.list().some(({ running }) => running)) return
    event.preventDefault()
    if (isAsking) return
    isAsking = true
    ask()
      .catch((error: unknown) => log.error({ err: error }, 'The question before quitting could not be shown'))
      .finally(() => {
        isAsking = false
      })
  })
}
