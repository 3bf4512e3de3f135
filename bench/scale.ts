import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { browserOptions } from '../e2e/browser-options'
import { createCore } from '../src/main/core'
import { imageContextPath } from '../src/main/resource-paths'
import type { BerthEvent } from '../src/shared/contract/events'
import { initialConfiguration } from '../src/shared/workspace-configuration/configuration'
import { median, quantile, table, timed } from './support/measure'
import { servePageOfRecords } from './support/page-of-records'

/**
 * Many engines and workspaces, beside one engine with the same number: what they take of memory and connections, how soon all are listed, how soon the page
 * hears of an event, and how soon it shows them. All workspaces run (`support/serve-engines.ts`).
 */
const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: '50' },
    workspaces: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
  },
})
const [engines, workspaces, rounds] = [Number(values.engines), Number(values.workspaces), Number(values.rounds)]
const EVENTS = 200
const OWNER = 'scalescalescale1'

interface Measured {
  connectedMs: number
  listMs: number
  eventMs: number[]
  heapBytes: number
  /** At rest. */
  connections: Connections
  /** At once, from the start of Berth until then. */
  most: Connections
}

/** Open to engines. */
interface Connections {
  inAll: number
  /** On the engine that has the most. */
  onOne: number
}

/** How long nothing may change until it counts as at rest: unused connections are closed after five seconds. */
const STILL_MS = 7000
const LONGEST_MS = 90_000

/** One in which each workspace is a record, on one of so many engines. */
async function measure(count: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-scale-'))
  const home = join(folder, 'home')
  await mkdir(home)
  const each = workspaces / count
  const names = Array.from({ length: count }, (_, engine) => (engine === 0 ? 'local' : `e${engine}`))
  await writeFile(join(home, 'installation-id'), OWNER)
  await writeFile(join(home, 'settings.json'), JSON.stringify({ engineEndpoint: `unix://${folder}/0.sock`, syncGitConfig: false }))
  await writeFile(
    join(home, 'engines.json'),
    JSON.stringify({ version: 1, engines: names.map((name, index) => entry(name, `unix://${folder}/${index}.sock`)) }),
  )
  await writeFile(
    join(home, 'state.json'),
    JSON.stringify({ version: 3, workspaces: names.flatMap((place, engine) => records(place, engine, each)), snapshots: [] }),
  )
  const server = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'script/lib/run-typescript.mjs',
      'bench/support/serve-engines.ts',
      folder,
      String(count),
      String(each),
      OWNER,
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  await once(server.stdout, 'data')

  const most = { inAll: 0, onOne: 0 }
  const look = () => {
    const open = connections(folder)
    most.inAll = Math.max(most.inAll, open.inAll)
    most.onOne = Math.max(most.onOne, open.onOne)
    return open
  }
  const looks = setInterval(look, 250)
  const begin = performance.now()
  const core = await createCore({ home, door: 'headless', version: '0.0.0-bench', imageContextPath: imageContextPath() })
  await Promise.all(core.engines.places().map(({ ready }) => ready()))
  const connectedMs = performance.now() - begin
  const listMs = await timed(async () => JSON.stringify(core.workspaces.list()).length)

  const eventMs: number[] = []
  for (let index = 0; index < Math.min(EVENTS, count); index++) {
    const heard = new Promise<void>((resolve) => {
      const stop = core.events.subscribe((event: BerthEvent) => {
        if (event.type !== 'workspace' || event.workspace.name !== `w${index}-0` || event.workspace.status !== 'stopped') return
        stop()
        resolve()
      })
    })
    eventMs.push(
      await timed(() => {
        server.stdin.write(`${index}\n`)
        return heard
      }),
    )
  }
  const atRest = await settled(look)
  clearInterval(looks)
  globalThis.gc?.()
  const heapBytes = process.memoryUsage().heapUsed
  await core.close()
  server.stdin.end()
  await once(server, 'exit')
  await rm(folder, { recursive: true, force: true })
  return { connectedMs, listMs, eventMs, heapBytes, connections: atRest, most }
}

function connections(folder: string): Connections {
  const byEngine = new Map<string, number>()
  for (const line of readFileSync('/proc/self/net/unix', 'utf8').split('\n')) {
    const at = line.indexOf(folder)
    if (at === -1 || !line.includes(' 03 ')) continue
    const path = line.slice(at)
    byEngine.set(path, (byEngine.get(path) ?? 0) + 1)
  }
  const counts = [...byEngine.values()]
  return { inAll: counts.reduce((sum, count) => sum + count, 0), onOne: Math.max(0, ...counts) }
}

/** Those there are once their number has stayed the same for a while. */
async function settled(look: () => Connections): Promise<Connections> {
  let last = look()
  let since = performance.now()
  for (const end = since + LONGEST_MS; performance.now() < end && performance.now() - since < STILL_MS; await sleep(200)) {
    const now = look()
    if (now.inAll !== last.inAll) since = performance.now()
    last = now
  }
  return last
}

const entry = (name: string, url: string) => ({ id: name, name, address: name === 'local' ? null : { url } })

function records(place: string, engine: number, each: number) {
  return Array.from({ length: each }, (_, index) => {
    const name = `w${engine}-${index}`
    return {
      ...initialConfiguration,
      ...{ id: `id-${name}`, place, name, repoState: 'none', sshPort: null, storage: 'plain', problem: null },
      volumes: { home: `workspace-${name}`, docker: `workspace-${name}-docker` },
      hostKeys: ['ssh-ed25519 AAAA'],
      ...{ createdAt: '2026-01-01T00:00:00.000Z', startedAt: null, lastUsedAt: null },
    }
  })
}

async function firstPaint(): Promise<{ paintMs: number; listedMs: number }> {
  const served = await servePageOfRecords(workspaces)
  const browser = await chromium.launch(browserOptions)
  const page = await browser.newPage()
  await page.goto(served.link)
  await page.getByRole('link', { name: /^workspace-000,/ }).waitFor()
  const seen = await page.evaluate(() => ({
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    listedMs: performance.now(),
  }))
  await browser.close()
  await served.close()
  return seen
}

const many: Measured[] = []
const one: Measured[] = []
const paints: Awaited<ReturnType<typeof firstPaint>>[] = []
for (let round = 0; round < rounds; round++) {
  many.push(await measure(engines))
  one.push(await measure(1))
  paints.push(await firstPaint())
}
const of = (all: Measured[], figure: (each: Measured) => number) => median(all.map(figure))
const row = (what: string, unit: string, figure: (each: Measured) => number, digits = 0) => {
  const [several, single] = [of(many, figure), of(one, figure)]
  return [what, `${single.toFixed(digits)} ${unit}`, `${several.toFixed(digits)} ${unit}`, (several / single).toFixed(2)]
}
console.log(
  `${workspaces} workspaces on one engine and on ${engines}; medians of ${rounds} rounds, in turns. All run, and nothing listens in them.\n`,
)
console.log(
  table(
    ['', 'one engine', `${engines} engines`, 'ratio'],
    [
      row('from the start of Berth until all are listed', 'ms', ({ connectedMs }) => connectedMs),
      row('a list of all workspaces, as JSON', 'ms', ({ listMs }) => listMs, 1),
      row('an event of the engine until the doors hear of it, median', 'ms', ({ eventMs }) => median(eventMs), 1),
      row('the same, 95 %', 'ms', ({ eventMs }) => quantile(eventMs, 0.95), 1),
      row('heap', 'MB', ({ heapBytes }) => heapBytes / 1e6),
      row('open connections to engines, at rest', '', ({ connections: { inAll } }) => inAll),
      row('those to the engine with the most', '', ({ connections: { onOne } }) => onOne),
      row('the most at once, to all engines', '', ({ most: { inAll } }) => inAll),
      row('the most at once, to one engine', '', ({ most: { onOne } }) => onOne),
    ],
  ),
)
console.log(
  `\nThe page: first paint ${median(paints.map(({ paintMs }) => paintMs)).toFixed(0)} ms, all listed ${median(paints.map(({ listedMs }) => listedMs)).toFixed(0)} ms.`,
)
