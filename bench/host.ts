import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createCore } from '../src/main/core'
import { imageContextPath } from '../src/main/resource-paths'
import { CORE_NODE_FLAGS } from '../src/shared/node-flags'
import { done } from '../test/support/test-core'
import { median, table, timed } from './support/measure'

/**
 * What host workspaces cost over the floor, without any engine: Berth's start beside that of Node alone, a command beside the same one started plainly, and a
 * clone beside `cp -a` of the same folder; in turns in one run.
 */
const quick = process.argv.includes('--quick')
const rounds = quick ? 3 : 7
const files = quick ? 2_000 : 20_000
const run = promisify(execFile)

const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'))
const home = join(folder, 'home')
await mkdir(home, { recursive: true })
const settings = { engineEndpoint: `unix://${folder}/none.sock`, hostWorkspaces: true, hostFolder: join(folder, 'hosts') }
await writeFile(join(home, 'settings.json'), JSON.stringify(settings))

const start = { floor: [] as number[], berth: [] as number[] }
for (let round = 0; round < rounds; round++) {
  start.floor.push(await timed(() => run(process.execPath, ['-e', '0']).then(() => undefined)))
  start.berth.push(await startUp())
}

const core = await createCore({ home, door: 'headless', version: '0.0.0-bench', imageContextPath: imageContextPath() })
await done(core, core.workspaces.create({ name: 'bench', host: {} }))
const source = core.workspaces.get('bench').host?.folder ?? ''
for (let index = 0; index < files; index++) {
  const sub = join(source, `d${index % 100}`)
  if (index < 100) await mkdir(sub)
  await writeFile(join(sub, `f${index}`), 'x'.repeat(4096))
}
const command = { floor: [] as number[], berth: [] as number[] }
const clone = { floor: [] as number[], berth: [] as number[] }
for (let round = 0; round < rounds; round++) {
  command.floor.push(await timed(() => run('true', []).then(() => undefined)))
  command.berth.push(await timed(() => core.workspaces.exec('bench', { command: ['true'], user: 'workspace' }).then(() => undefined)))
  const plain = join(folder, `plain-${round}`)
  clone.floor.push(await timed(() => run('cp', ['-a', source, plain]).then(() => undefined)))
  clone.berth.push(
    await timed(() =>
      done(core, core.workspaces.clone('bench', { name: `copy-${round}`, stop: false, start: true })).then(() => undefined),
    ),
  )
  await done(core, core.workspaces.delete(`copy-${round}`, { removeFolder: true }))
  await rm(plain, { recursive: true })
}
await core.close()
await rm(folder, { recursive: true })

const row = (what: string, floorName: string, { floor, berth }: { floor: number[]; berth: number[] }) => {
  const [plain, own] = [median(floor), median(berth)]
  return [what, `${plain.toFixed(0)} ms (${floorName})`, `${own.toFixed(0)} ms`, (own / plain).toFixed(1)]
}
console.log(`Host workspaces without an engine; medians of ${rounds} rounds, in turns.\n`)
console.log(
  table(
    ['', 'floor', 'Berth', 'ratio'],
    [
      row('start, to an open door', 'node -e 0', start),
      row('a command', 'spawn', command),
      row(`a clone of ${files} files of 4 KiB`, 'cp -a', clone),
    ],
  ),
)

/** Until it has printed where it is to be reached. */
async function startUp(): Promise<number> {
  const own = join(folder, 'start')
  await mkdir(own)
  await writeFile(join(own, 'settings.json'), JSON.stringify(settings))
  const began = performance.now()
  const child = spawn(process.execPath, [...CORE_NODE_FLAGS, 'out/main/headless.js', '--port', '0', '--json'], {
    env: { ...process.env, BERTH_HOME: own },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const took = performance.now() - began
  child.kill()
  await once(child, 'exit')
  await rm(own, { recursive: true })
  return took
}
