import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { runSeed } from './run-seed'
import { shrink } from './shrink'
import type { Counts } from './stats'
import { stepsOf } from './steps'
import { countTicks } from './world/stillness'
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

export interface WorkerData {
  withTrace: boolean
  /** Looks for fewer steps where a seed fails. */
  shrinks: boolean
}

const { withTrace, shrinks } = workerData as WorkerData
installVirtualTime()
countTicks()
// To look for the places of errors takes longer than much else; who wants to know runs the one seed with its trace.
Error.stackTraceLimit = withTrace ? 20 : 0
process.on('unhandledRejection', () => undefined)
parentPort?.on('message', (seeds: number[]) => {
  runAll(seeds).catch((error: unknown) =>
    // A rejection alone would go unheard.
    queueMicrotask(() => {
      throw error
    }),
  )
})

async function runAll(seeds: number[]): Promise<void> {
  for (const seed of seeds) parentPort?.postMessage(await report(seed))
}

async function report(seed: number): Promise<SeedReport> {
  const steps = stepsOf(seed)
  const { violation, trace, counts } = await runSeed(seed, steps)
  const shrunk = violation && shrinks ? await shrink(seed, steps, violation.invariant) : []
  const digest = createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16)
  return { seed, violation, digest, counts, steps: shrunk, trace: withTrace ? trace : [] }
}
