/**
 * Calls `end` at each signal that asks the process to end. Removes other listeners: `when-exit`, which comes with conf, would send the
 * signal again at once, before anything is closed. It does its work at exit anyway.
 */
export function onEndSignal(end: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    process.on(signal, end)
  }
}
