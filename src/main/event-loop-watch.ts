import { monitorEventLoopDelay } from 'node:perf_hooks'
import { log } from './log'

/** Looked at rarely enough to let a resting machine rest. What is shorter than this may be missed. */
const RESOLUTION_MS = 500
const REPORT_EVERY_MS = 30_000
/** A key that is pressed waits as long: a person notices. */
const LONG_MS = 100
const NANOSECONDS = 1e6

/** Logs how long the main process kept everything else waiting, where a person could notice. Returns what ends the watch. */
export function watchEventLoop({ reportEveryMs = REPORT_EVERY_MS, resolutionMs = RESOLUTION_MS } = {}): () => void {
  const intervals = monitorEventLoopDelay({ resolution: resolutionMs })
  intervals.enable()
  const report = setInterval(() => {
    // What is counted is the time between two looks.
    const longestMs = Math.round(intervals.max / NANOSECONDS) - resolutionMs
    intervals.reset()
    if (longestMs > LONG_MS) log.warn({ longestMs, withinMs: reportEveryMs }, 'Berth was unresponsive')
  }, reportEveryMs)
  report.unref()
  return () => {
    clearInterval(report)
    intervals.disable()
  }
}
