import { parseArgs } from 'node:util'
import { z } from 'zod'
import { storageDriverSchema } from '../src/shared/storage-driver-name'
import { type CloneRun, type Measured, startCloneRun } from './support/clone-run'
import { median, table } from './support/measure'
import { clear, fill, SHAPES, type Shape, shapeSchema } from './support/shapes'

const USAGE = `Usage: script/bench clone [options]

A running workspace is cloned by Berth, and copied by the procedure that its peers document, in turns in one run, on an engine whose
data is on an ext4 file system made for it. As root, who may mount that; everything is removed at the end.

  --quick           one round, sizes 0.1 and 1
  --rounds N        default 3
  --sizes LIST      in GB, default 0.1,1,4
  --shapes LIST     of ${shapeSchema.options.join(', ')}; default all
  --drivers LIST    of ${storageDriverSchema.options.join(', ')}; default both
  --disk GB         of that file system, default 60: a sparse file in the folder for temporary files`

const { values: given } = parseArgs({
  args: process.argv.slice(2),
  options: {
    help: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    sizes: { type: 'string' },
    shapes: { type: 'string', default: shapeSchema.options.join(',') },
    drivers: { type: 'string', default: storageDriverSchema.options.join(',') },
    disk: { type: 'string', default: '60' },
  },
})
const rounds = z.coerce
  .number()
  .int()
  .min(1)
  .parse(given.rounds ?? (given.quick ? 1 : 3))
const sizes = z.array(z.coerce.number().positive()).parse((given.sizes ?? (given.quick ? '0.1,1' : '0.1,1,4')).split(','))
const shapes = z.array(shapeSchema).parse(given.shapes.split(','))
const drivers = z.array(storageDriverSchema).parse(given.drivers.split(','))
const diskGigabytes = z.coerce.number().positive().parse(given.disk)

const GB = 1e9
type Way = { title: string; measure(): Promise<Measured> }

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
const times = (peer: number, own: number) => `${(peer / own).toFixed(peer / own < 10 ? 2 : 0)} ×`

/** Each way once a round, in the other order every other round; a row of medians each, beside the first way's. */
async function inTurns(cells: string[], ways: Way[]): Promise<string[][]> {
  const results = new Map(ways.map(({ title }) => [title, [] as Measured[]]))
  for (let round = 0; round < rounds; round++) {
    for (const { title, measure } of round % 2 === 0 ? ways : ways.toReversed()) {
      const measured = await measure()
      results.get(title)?.push(measured)
      console.error(
        [...cells, title].join(', '),
        JSON.stringify(measured, (_, value) => (typeof value === 'number' ? Math.round(value) : value)),
      )
    }
  }
  const medians = ways.map(({ title }) => {
    const of = (what: keyof Measured) => median((results.get(title) ?? []).map((one) => one[what]))
    return { title, copied: of('copied'), ready: of('ready'), flushed: of('flushed'), away: of('away'), bytes: of('bytes') }
  })
  return medians.map((own, index) => {
    const peer = index > 0 && medians[0]?.title === PEER ? medians[0] : null
    return [
      ...cells,
      own.title,
      seconds(own.copied),
      peer ? times(peer.copied, own.copied) : '',
      seconds(own.ready),
      peer ? times(peer.ready, own.ready) : '',
      seconds(own.flushed),
      `${own.away.toFixed(0)} ms`,
      peer ? times(peer.away, own.away) : '',
      `${(own.bytes / 1e6).toFixed(0)} MB`,
    ]
  })
}
const PEER = 'stop, cp -a, start'
const HEAD = ['size', 'data', 'way', 'copied', 'faster', 'ready', 'faster', 'on disk', 'source away', 'shorter', 'written']

async function compare(bench: CloneRun, empty: string | null, shape: Shape, size: number): Promise<string[][]> {
  const made: string[] = []
  const filled = async (driver: 'plain' | 'btrfs') => {
    const workspace = await bench.create(driver)
    made.push(workspace)
    await fill(bench.core, workspace, shape, size * GB)
    await bench.settle(workspace)
    return workspace
  }
  const plain = await filled('plain')
  const ways: Way[] = [{ title: PEER, measure: () => bench.byPeer(plain) }]
  if (drivers.includes('plain')) ways.push({ title: 'Berth, plain', measure: () => bench.byBerth(plain) })
  if (drivers.includes('btrfs')) {
    const pooled = await filled('btrfs')
    ways.push({ title: 'Berth, btrfs', measure: () => bench.byBerth(pooled) })
    if (empty !== null) ways.push({ title: 'Berth, btrfs, empty source', measure: () => bench.byBerth(empty) })
    if (shape === 'many')
      ways.push({
        title: 'Berth, btrfs, just written',
        async measure() {
          await clear(bench.core, pooled)
          await bench.settle(pooled)
          await fill(bench.core, pooled, shape, size * GB)
          return bench.byBerth(pooled)
        },
      })
  }
  const rows = await inTurns([`${size} GB`, SHAPES[shape]], ways)
  for (const workspace of made) await bench.remove(workspace)
  return rows
}

if (given.help) {
  console.log(USAGE)
} else {
  const bench = await startCloneRun({ diskBytes: diskGigabytes * GB, poolBytes: Math.round((diskGigabytes * GB) / 3) })
  try {
    const empty = drivers.includes('btrfs') ? await bench.create('btrfs') : null
    const rows: string[][] = []
    for (const size of sizes) {
      for (const shape of shapes) rows.push(...(await compare(bench, shape === 'many' ? empty : null, shape, size)))
    }
    console.log(
      `Medians of ${rounds} rounds, in turns. Sources run, are in the page cache and on the disk before each round, except “just written”.`,
    )
    console.log(
      'Neither way flushes by itself; “on disk” is when a flush after “ready” was through. “written” counts what the disk got until then.\n',
    )
    console.log(table(HEAD, rows))
  } finally {
    await bench.dispose()
  }
}
