import { dialog } from 'electron'
import { isBerthError } from '../../shared/errors'
import { log } from '../log'

/** For what was asked outside the window. */
export function reportFailure(error: unknown): void {
  if (!isBerthError(error)) log.error({ err: error }, 'What the tray asked for failed in a way it should not')
  const message = isBerthError(error) ? error.message : 'Something in Berth went wrong.'
  const detail = isBerthError(error) ? error.data.next : 'Look into the log of Berth.'
  void dialog.showMessageBox({ type: 'error', title: 'Berth', message, detail })
}
