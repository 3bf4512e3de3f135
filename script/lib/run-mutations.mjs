// Puts one fault after the other into Berth, and sees whether the simulation finds it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MUTATIONS } from '../../test/simulation/mutations.ts'
import { bundleSimulation } from './bundle-simulation.mjs'

const { values } = parseArgs({
  options: {
    mutations: { type: 'boolean' },
    seeds: { type: 'string', default: '3000' },
    minutes: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
})
const chosen = MUTATIONS.filter(({ name }) => values.only === undefined || name.includes(values.only))

/** The report of a run of seeds up to the first that fails. */
async function simulate(folder, from, seeds, isOfSeveral) {
  const report = join(folder, 'report.json')
  const limits = ['--from', String(from), '--seeds', String(seeds), '--minutes', values.minutes, '--report', report]
  if (isOfSeveral) limits.push('--several')
  const simulation = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(folder, 'simulate.js'), '--first', ...limits], {
    stdio: 'ignore',
  })
  await once(simulation, 'exit')
  return JSON.parse(await readFile(report, 'utf8'))
}

/** The first failure that Berth as it is does not have; null when no seed finds one. */
async function findIn(folder, asItIs, isOfSeveral) {
  const seeds = Number(values.seeds)
  for (let from = 1; from <= seeds; ) {
    const { ran, failures } = await simulate(folder, from, seeds - from + 1, isOfSeveral)
    const [first] = failures
    if (!first) return { ran: from - 1 + ran, first: null }
    if ((await simulate(asItIs, first.seed, 1, false)).failures.length === 0) return { ran: first.seed, first }
    from = first.seed + 1
  }
  return { ran: seeds, first: null }
}

let missed = 0
const asItIs = await bundleSimulation()
for (const { name, edits, isOfSeveral = false } of chosen) {
  const began = Date.now()
  const { folder, remove } = await bundleSimulation(edits)
  try {
    const { ran, first } = await findIn(folder, asItIs.folder, isOfSeveral)
    if (!first) missed += 1
    const seconds = Math.round((Date.now() - began) / 1000)
    const outcome = first ? `found at seed ${first.seed}` : `MISSED in ${ran} seeds`
    const message = first ? `: ${first.message.split('\n')[0].slice(0, 160)}` : ''
    process.stdout.write(`${name}\n    ${outcome} after ${seconds} s${message}\n`)
  } finally {
    await remove()
  }
}
await asItIs.remove()
process.stdout.write(`${chosen.length} mutations, ${chosen.length - missed} found, ${missed} missed\n`)
process.exitCode = missed > 0 ? 1 : 0
