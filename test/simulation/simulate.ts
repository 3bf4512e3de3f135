import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { addCounts, type Counts, tableOf } from './stats'
import type { SeedReport } from './worker'

const USAGE = `Usage: script/simulate [--seeds N] [--from S] [--seed S] [--minutes M] [--trace] [--stats] [--report FILE]

Runs Berth's core in a simulated world, once for each seed, and checks after each run that nothing was lost, left or claimed wrongly.

  --seeds N     how many seeds; 1000 if left out
  --from S      the first of them; 1 if left out
  --seed S      that seed alone
  --minutes M   no longer than that
  --trace       with --seed: prints everything that happened
  --stats       prints how often each kind of step and operation came to what
  --report FILE writes what passed and failed as JSON: each hundred seeds are one test
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
      help: { type: 'boolean', default: false },
    },
  },
})
if (values.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}

const SEEDS_IN_TEST = 100
const BATCH = values.first ? 25 : 100
const MOST_FAILURES = values.first ? 1 : 20
const first = Number(values.seed ?? values.from)
const all = Array.from({ length: values.seed === undefined ? Number(values.seeds) : 1 }, (_, index) => first + index)
const began = Date.now()
const end = values.minutes === undefined ? Number.POSITIVE_INFINITY : began + Number(values.minutes) * 60_000
const failures: SeedReport[] = []
const counts: Counts = {}
let ran = 0

async function work(): Promise<void> {
  while (all.length > 0 && Date.now() < end && failures.length < MOST_FAILURES) {
    const seeds = all.splice(0, BATCH)
    await new Promise<void>((resolve, reject) => {
      const worker = new Worker(join(import.meta.dirname, 'worker.js'), {
        workerData: { seeds, withTrace: values.trace, shrinks: !values.first },
      })
      worker.on('message', (report: SeedReport) => {
        ran += 1
        addCounts(counts, report.counts)
        if (values.trace) process.stdout.write(`${report.trace.join('\n')}\n`)
        if (values.seed !== undefined) process.stdout.write(`trace ${report.digest}\n`)
        if (report.violation) tell(report)
      })
      worker.on('error', reject)
      worker.on('exit', () => resolve())
    })
  }
}

function tell(report: SeedReport): void {
  failures.push(report)
  const steps = report.steps.map((step) => `  ${JSON.stringify(step)}`).join('\n')
  process.stdout.write(
    `seed ${report.seed}: ${report.violation?.message}\n${steps}\nAgain: script/simulate --seed ${report.seed} --trace\n\n`,
  )
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
if (values.stats) process.stdout.write(`${tableOf(counts, ['done', 'succeeded', 'cancelled', 'idle'])}\n\n`)
const seconds = (Date.now() - began) / 1000
process.stdout.write(`${ran} seeds from ${first}, ${failures.length} failed, ${(ran / seconds).toFixed(1)} seeds/s\n`)
if (values.report !== undefined) {
  const hundredOf = (seed: number) => Math.floor((seed - first) / SEEDS_IN_TEST)
  const failed = new Set(failures.map(({ seed }) => hundredOf(seed))).size
  const report = {
    ...{ passed: Math.ceil(ran / SEEDS_IN_TEST) - failed, failed, ran },
    failures: failures.map(({ seed, violation }) => ({ seed, ...violation })),
  }
  // `node:fs` is the simulated one here.
  process.getBuiltinModule('node:fs').writeFileSync(values.report, JSON.stringify(report))
}
process.exit(failures.length > 0 ? 1 : 0)
