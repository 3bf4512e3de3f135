/**
 * Calls `end` at each signal that asks the process to end. Nobody else hears them from then on: `when-exit`, which comes with
 * conf, would send the signal again at once, before anything could be closed. What it has to do it also does at exit.
 */
export function onEndSignal(end: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    process.on(signal, end)
  }
}
