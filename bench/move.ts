import { execFile } from 'node:child_process'
import { parseArgs, promisify } from 'node:util'
import { z } from 'zod'
import { createEngine, type Engine } from '../src/main/engine/engine'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { createVolumeStream } from '../src/main/storage/between-engines/volume-stream'
import { connectEngine } from '../test/support/test-container'
import { docker, uniqueName } from '../test/support/test-core'
import { inVolumes } from '../test/support/volume-tree'
import { startFreshEngine } from './support/fresh-engine'
import { median, table, timed } from './support/measure'

const USAGE = `Usage: script/bench move [options]

A volume of the machine's engine is copied to another engine on this machine: by Berth, again without a change, again with one, compared by
reading all of it, and by a pipe of two tars, in turns in one run. As root, who may mount the file system of the other engine.

  --rounds N        default 3
  --size GB         default 2: half of it in 40,000 small files for 2 GB, half in four large ones
  --sparse GB       of holes in a file beside them, default 0`

const { values: given } = parseArgs({
  args: process.argv.slice(2),
  options: {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    size: { type: 'string', default: '2' },
    sparse: { type: 'string', default: '0' },
  },
})
const rounds = z.coerce.number().int().min(1).parse(given.rounds)
const bytes = 1e9 * z.coerce.number().positive().parse(given.size)
const sparseBytes = 1e9 * z.coerce.number().min(0).parse(given.sparse)

const SMALL_FILE = 25_000
/** What does not compress: files of a tenth to twice a size. */
const FILL = `cat >/tmp/fill <<'END'
my ($small, $large, $size) = @ARGV; srand 5; open my $random, "<", "/dev/urandom" or die; read $random, my $block, 8 << 20;
for (my $n = 0; $small > 0; $n++) {
  my $folder = "/a/" . int($n / 50); mkdir $folder if $n % 50 == 0;
  my $left = int($size * (0.1, 0.3, 0.6, 1, 1, 2, 2)[rand 7]); $small -= $left;
  open my $file, ">", "$folder/$n" or die $!; syswrite $file, $block, $left, int rand(8 << 20) - $left - 1;
}
for my $n (0 .. 3) { open my $file, ">", "/a/large$n" or die $!; for (my $left = $large / 4; $left > 0; $left -= 4 << 20) { syswrite $file, $block, 4 << 20, int rand(4 << 20) } }
END
perl /tmp/fill`

async function connectTo(endpoint: string): Promise<Engine> {
  const engine = createEngine({
    address: () => ({ url: endpoint }),
    surroundings: { environment: {}, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
    label: 'dev.berth.bench',
  })
  await new Promise<void>((resolve) => {
    engine.start({ onState: ({ status }) => status === 'connected' && resolve(), onContainerEvent: () => undefined })
  })
  return engine
}

/** What one would do by hand. `$1` is the image, `$2` and `$3` are the volumes, `$4` is the other engine. */
const TAR = `docker run --rm -v "$2:/v:ro" --entrypoint=tar "$1" --directory=/v --create . |
  docker --host "$4" run --rm -i -v "$3:/v" --entrypoint=tar "$1" --directory=/v --extract`

async function byTar(from: string, to: string, endpoint: string): Promise<void> {
  await promisify(execFile)('sh', ['-c', TAR, 'sh', LOCAL_IMAGE, from, to, endpoint])
}

async function measure(): Promise<void> {
  const second = await startFreshEngine(Math.round(bytes * 8 + 10e9))
  const [from, to] = [await connectEngine(), await connectTo(second.endpoint)]
  const source = uniqueName('bench')
  const labels = { 'dev.berth.bench': source }
  const stream = createVolumeStream({ engine: from, image: LOCAL_IMAGE, labels }, { engine: to, image: LOCAL_IMAGE, labels })
  const signal = new AbortController().signal
  const times = { tar: [] as number[], first: [] as number[], again: [] as number[], final: [] as number[], verify: [] as number[] }
  const sent = { first: 0, again: 0, final: 0 }
  try {
    await docker.createVolume({ Name: source })
    await inVolumes([source], `${FILL} ${bytes / 2} ${bytes / 2} ${SMALL_FILE}; truncate -s ${sparseBytes} /a/holes; sync -f /a`)
    for (let round = 0; round < rounds; round++) {
      const [plain, target] = [uniqueName('bench'), uniqueName('bench')]
      for (const name of [plain, target]) await to.volumes.create(name, labels)
      const copy = (what: 'first' | 'again' | 'final') => async () => {
        const result = await stream.copy({ source, target }, { final: what === 'final', signal, onProgress: () => undefined })
        sent[what] = result.sentBytes
      }
      const ways = [
        async () => void times.tar.push(await timed(() => byTar(source, plain, second.endpoint))),
        async () => {
          times.first.push(await timed(copy('first')))
          times.again.push(await timed(copy('again')))
          await inVolumes([source], `echo ${round} | dd of=/a/large0 bs=1 seek=1000000 conv=notrunc status=none; echo ${round} >/a/0/0`)
          times.final.push(await timed(copy('final')))
          times.verify.push(
            await timed(async () => {
              if (!(await stream.verify({ source, target }, signal))) throw new Error('the copy is not what the source is')
            }),
          )
        },
      ]
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) await way()
      console.error(JSON.stringify(Object.fromEntries(Object.entries(times).map(([what, all]) => [what, Math.round(all.at(-1) ?? 0)]))))
      for (const name of [plain, target]) await to.volumes.remove(name)
    }
  } catch (error) {
    // What is said when something of it cannot be removed must not hide it.
    console.error(error)
    throw error
  } finally {
    await from.volumes.remove(source)
    for (const engine of [from, to]) engine.close()
    await second.dispose()
  }
  const floor = median(times.tar)
  const row = (title: string, all: number[], sentBytes: number | null) => [
    title,
    `${(median(all) / 1000).toFixed(2)} s`,
    (median(all) / floor).toFixed(2),
    `${(bytes / 1e3 / median(all)).toFixed(0)} MB/s`,
    sentBytes === null ? '' : `${(sentBytes / 1e6).toFixed(1)} MB`,
  ]
  console.log(`${(bytes / 1e9).toFixed(1)} GB, medians of ${rounds} rounds, in turns.\n`)
  console.log(
    table(
      ['', 'time', 'to the floor', 'rate', 'sent'],
      [
        row('floor: docker run tar, docker run tar', times.tar, null),
        row('Berth, first pass', times.first, sent.first),
        row('Berth, again, nothing changed', times.again, sent.again),
        row('Berth, final, two files changed', times.final, sent.final),
        row('Berth, verify', times.verify, null),
      ],
    ),
  )
}

if (given.help) console.log(USAGE)
else await measure()
