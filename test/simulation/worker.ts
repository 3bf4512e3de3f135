import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { runSeed } from './run-seed'
import { shrink } from './shrink'
import type { Counts } from './stats'
import { stepsOf } from './steps'
import { installVirtualTime } from './world/virtual-time'

/** What the process that counts is told of each seed. */
export interface SeedReport {
  seed: number
  violation: { invariant: string; message: string } | null
  digest: string
  steps: unknown[]
  counts: Counts
  trace: string[]
}

const { seeds, withTrace, shrinks } = workerData as { seeds: number[]; withTrace: boolean; shrinks: boolean }
installVirtualTime()
process.on('unhandledRejection', () => undefined)
for (const seed of seeds) {
  const steps = stepsOf(seed)
  const { violation, trace, counts } = await runSeed(seed, steps)
  const shrunk = violation && shrinks ? await shrink(seed, steps, violation.invariant) : []
  const digest = createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16)
  const report: SeedReport = { seed, violation, digest, counts, steps: shrunk, trace: withTrace ? trace : [] }
  parentPort?.postMessage(report)
}
