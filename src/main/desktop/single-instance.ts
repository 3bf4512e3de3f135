import { app } from 'electron'

/**
 * null when the app runs already: that one shows its window, and this one has to end. Else what sets how the window is shown at
 * a second start; one that came before that is remembered.
 */
export function claimSingleInstance(): ((show: () => void) => void) | null {
  if (!app.requestSingleInstanceLock()) return null
  let wasAsked = false
  let onSecondStart = () => {
    wasAsked = true
  }
  const asked = () => onSecondStart()
  app.on('second-instance', asked)
  app.on('activate', asked)
  return (show) => {
    onSecondStart = show
    if (wasAsked) show()
  }
}
