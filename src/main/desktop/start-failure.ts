import { app, dialog } from 'electron'
import { isBerthError } from '../../shared/errors'
import { log } from '../log'

/** There is no window to say it in yet. */
export function reportStartFailure(error: unknown): void {
  if (isBerthError(error)) dialog.showErrorBox(error.message, error.data.next)
  else {
    log.fatal({ err: error }, 'Berth could not start')
    dialog.showErrorBox('Berth could not start.', error instanceof Error ? error.message : String(error))
  }
  app.exit(1)
}

/** Instead of Electron's own dialog: one failure nobody waited for must not end a window with work in it. */
export function reportFaults(): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => log.error({ err: error }, 'Unexpected error in the main process'))
  }
}
