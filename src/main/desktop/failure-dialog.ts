import { BrowserWindow, dialog } from 'electron'
import { isBerthError } from '../../shared/errors'
import { log } from '../log'

/** For what was asked outside the window. */
export function reportFailure(error: unknown): void {
  if (!isBerthError(error)) log.error({ err: error }, 'A tray action failed unexpectedly')
  const message = isBerthError(error) ? error.message : 'Something went wrong in Berth.'
  const detail = isBerthError(error) ? error.data.next : 'See the log: choose “Report a Problem…” in the Help menu.'
  const options = { type: 'error' as const, title: 'Berth', message, detail }
  // On macOS one without a window keeps everything else from running until it is answered.
  const window = BrowserWindow.getAllWindows().find((candidate) => candidate.isVisible())
  void (window === undefined ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options))
}
