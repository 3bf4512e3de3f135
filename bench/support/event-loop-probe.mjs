// Loaded with --import into the processes of a benchmark: when one with a core ends, a line in BERTH_LOOP_REPORT says how late its event loop was.
import { appendFileSync } from 'node:fs'
import { basename } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const RESOLUTION_MS = 5
const NANOSECONDS = 1e6
const report = process.env.BERTH_LOOP_REPORT

/** The programs with a core; run-typescript.mjs runs a benchmark, which may have one itself. */
const PROGRAMS = ['headless.js', 'run-typescript.mjs']
const program = basename(process.argv[1] ?? '')

if (report !== undefined && isMainThread && PROGRAMS.includes(program)) {
  const intervals = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  intervals.enable()
  process.on('exit', () => {
    // What is counted is the time between two looks.
    const late = (nanoseconds) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS)
    const [p50, p99, most] = [intervals.percentile(50), intervals.percentile(99), intervals.max].map(late)
    appendFileSync(report, `${JSON.stringify({ program, p50, p99, most })}\n`)
  })
}
