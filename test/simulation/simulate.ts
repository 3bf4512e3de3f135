import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { addCounts, type Counts, tableOf } from './stats'
import { hasSecondEngine } from './steps'
import type { SeedReport, WorkerData } from './worker'

const USAGE = `Usage: script/simulate [--seeds N] [--from S] [--seed S] [--minutes M] [--trace] [--stats] [--several] [--report FILE]

Runs Berth's core in a simulated world, once for each seed, and checks after each run that nothing was lost, left or claimed wrongly.

  --seeds N     how many seeds; 1000 if left out
  --from S      the first of them; 1 if left out
  --seed S      that seed alone
  --minutes M   no longer than that
  --trace       with --seed: prints everything that happened
  --stats       prints how often each kind of step and operation came to what
  --report FILE writes what passed and failed as JSON: each hundred seeds are one test
  --several     only seeds with several engines
  --first       ends with the first seed that fails, and does not look for fewer steps
  --mutations   puts one known fault after the other into Berth, and tells which seed finds it: --seeds and --minutes for each, --only TEXT
`

const { values } = parseArgs({
  options: {
    ...{ seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' }, seed: { type: 'string' } },
    ...{
      minutes: { type: 'string' },
      report: { type: 'string' },
      trace: { type: 'boolean', default: false },
      stats: { type: 'boolean', default: false },
      first: { type: 'boolean', default: false },
      several: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  },
})
if (values.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}

const SEEDS_IN_TEST = 100
/** A worker has them one after the other; few, so that all workers end at the same time. */
const BATCH = 10
/** What the engine compiles of the code is worth keeping; what a worker has left in its memory is not. */
const SEEDS_OF_WORKER = 3000
const MOST_FAILURES = values.first ? 1 : 20
const first = Number(values.seed ?? values.from)
const count = values.seed === undefined ? Number(values.seeds) : 1
const all: number[] = []
for (let seed = first; all.length < count; seed += 1) if (!values.several || hasSecondEngine(seed)) all.push(seed)
const began = Date.now()
const end = values.minutes === undefined ? Number.POSITIVE_INFINITY : began + Number(values.minutes) * 60_000
const failures: SeedReport[] = []
const counts: Counts = {}
const digests = new Map<number, string>()
let ran = 0

const isDone = () => all.length === 0 || Date.now() >= end || failures.length >= MOST_FAILURES

async function work(): Promise<void> {
  while (!isDone()) {
    const worker = new Worker(join(import.meta.dirname, 'worker.js'), {
      workerData: { withTrace: values.trace, shrinks: !values.first } satisfies WorkerData,
    })
    for (let given = 0; given < SEEDS_OF_WORKER && !isDone(); given += BATCH) await runIn(worker, all.splice(0, BATCH))
    await worker.terminate()
  }
}

function runIn(worker: Worker, seeds: number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let left = seeds.length
  const onReport = (report: SeedReport) => {
    take(report)
    left -= 1
    if (left === 0) resolve()
  }
  worker.on('message', onReport).once('error', reject)
  worker.postMessage(seeds)
  return promise.finally(() => worker.off('message', onReport).off('error', reject))
}

function take(report: SeedReport): void {
  ran += 1
  digests.set(report.seed, report.digest)
  addCounts(counts, report.counts)
  if (values.trace) process.stdout.write(`${report.trace.join('\n')}\n`)
  if (report.violation) tell(report)
}

function tell(report: SeedReport): void {
  failures.push(report)
  const steps = report.steps.map((step) => `  ${JSON.stringify(step)}`).join('\n')
  process.stdout.write(
    `seed ${report.seed}: ${report.violation?.message}\n${steps}\nAgain: script/simulate --seed ${report.seed} --trace\n\n`,
  )
}

// `node:os` and `node:fs` are the simulated ones here.
const { availableParallelism } = process.getBuiltinModule('node:os')
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
if (values.stats) process.stdout.write(`${tableOf(counts, ['done', 'succeeded', 'cancelled', 'idle'])}\n\n`)
const seconds = (Date.now() - began) / 1000
// The same for the same seeds, whoever ran them.
const traces = createHash('sha256')
for (const seed of [...digests.keys()].sort((one, other) => one - other)) traces.update(digests.get(seed) ?? '')
const rate = `${(ran / seconds).toFixed(1)} seeds/s`
process.stdout.write(`${ran} seeds from ${first}, ${failures.length} failed, ${rate}, traces ${traces.digest('hex').slice(0, 16)}\n`)
if (values.report !== undefined) {
  const hundredOf = (seed: number) => Math.floor((seed - first) / SEEDS_IN_TEST)
  const failed = new Set(failures.map(({ seed }) => hundredOf(seed))).size
  const report = {
    ...{ passed: Math.ceil(ran / SEEDS_IN_TEST) - failed, failed, ran },
    failures: failures.map(({ seed, violation }) => ({ seed, ...violation })),
  }
  process.getBuiltinModule('node:fs').writeFileSync(values.report, JSON.stringify(report))
}
process.exit(failures.length > 0 ? 1 : 0)
