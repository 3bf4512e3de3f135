import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestCore, done, uniqueName } from '../test/support/test-core'
import { median, table, timed } from './support/measure'

/** How long a folder of 5,000 files takes to a workspace, beside `docker cp` of the same folder, in turns in one run; and one that has changed. */
const rounds = Number(process.argv[2] ?? 5)
const FILES = 5000
const userHome = await mkdtemp(join(tmpdir(), 'berth-bench-sync-'))
const test = await createTestCore({}, { userHome })
const { core } = test
const name = uniqueName('bench')
await done(core, core.workspaces.start({ name }))

async function makeFolder(folder: string): Promise<void> {
  for (let index = 0; index < FILES; index++) {
    const parent = join(userHome, folder, `d${index % 100}`)
    if (index < 100) await mkdir(parent, { recursive: true })
    await writeFile(join(parent, `f${index}`), `${index} `.repeat(400))
  }
}

/** Settled by itself would be measured from when it is noticed: it is begun here. */
async function sync(): Promise<void> {
  await core.workspaces.sync(name, { force: false }).then(({ operation }) => core.operations.whenEnded(operation.id))
}

const times = { peer: [] as number[], all: [] as number[], one: [] as number[] }
for (let round = 0; round < rounds; round++) {
  const folder = `tree${round}`
  await makeFolder(folder)
  const copy = ['cp', join(userHome, folder), `workspace-${name}:/home/workspace/peer${round}`]
  times.peer.push(await timed(() => promisify(execFile)('docker', copy)))
  await core.workspaces.update(name, { syncFiles: [`~/${folder}`] })
  times.all.push(await timed(sync))
  await writeFile(join(userHome, folder, 'd7', 'f7'), `changed ${round}`)
  times.one.push(await timed(sync))
  await core.workspaces.update(name, { syncFiles: [] })
  await sync()
}
const [peer, all, one] = [median(times.peer), median(times.all), median(times.one)]
console.log(`${FILES} files, medians of ${rounds} rounds, in turns.\n`)
console.log(
  table(
    ['', 'time', 'to docker cp'],
    [
      ['docker cp', `${peer.toFixed(0)} ms`, '1.00'],
      ['berth sync, all', `${all.toFixed(0)} ms`, (all / peer).toFixed(2)],
      ['berth sync, one changed', `${one.toFixed(0)} ms`, (one / peer).toFixed(2)],
    ],
  ),
)
await test.dispose()
await rm(userHome, { recursive: true, force: true })
