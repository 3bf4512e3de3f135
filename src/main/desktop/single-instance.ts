import { app } from 'electron'

/** A start of an app that runs already: its arguments and the folder it was started in. */
export interface SecondStart {
  argv: readonly string[]
  workingDirectory: string
}

/**
 * null when the app runs already: that one hears of this start, and this one has to end. Else what sets who hears of later starts; one that came before that is
 * remembered. On macOS a click on the dock is a start, without arguments.
 */
export function claimSingleInstance(): ((onStart: (start: SecondStart) => void) => void) | null {
  if (!app.requestSingleInstanceLock()) return null
  let missed: SecondStart | null = null
  let onSecondStart = (start: SecondStart) => {
    missed = start
  }
  app.on('second-instance', (_event, argv, workingDirectory) => onSecondStart({ argv, workingDirectory }))
  app.on('activate', () => onSecondStart({ argv: [], workingDirectory: '' }))
  return (onStart) => {
    onSecondStart = onStart
    if (missed !== null) onStart(missed)
  }
}
