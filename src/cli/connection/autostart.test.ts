import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Door } from '../../shared/door'
import { startBerth } from './autostart'
import { isNodeError, readDoor } from './door'

/** A Berth that only takes the home, opens its door a moment later and stays; the second in a home ends with 4. */
const HEADLESS = `
import { appendFileSync, existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const home = process.env.BERTH_HOME
appendFileSync(join(home, 'started'), process.pid + '\\n')
try {
  writeFileSync(join(home, 'lock'), String(process.pid), { flag: 'wx' })
} catch {
  console.error('Another Berth holds this home.')
  process.exit(4)
}
console.error('Berth is starting.')
setTimeout(() => {
  const door = { pid: process.pid, url: 'http://127.0.0.1:1', token: 't', version: '0' }
  writeFileSync(join(home, 'door.tmp'), JSON.stringify(door))
  renameSync(join(home, 'door.tmp'), join(home, 'door.json'))
}, 100)
setInterval(() => {}, 60_000)
`

let home: string
let headlessPath: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-autostart-'))
  headlessPath = await program(HEADLESS)
})
afterEach(async () => {
  for (const pid of await startedPids()) endProcess(pid)
  // Of many, the last may only now come to write into it.
  await rm(home, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 })
})

async function program(source: string): Promise<string> {
  const path = join(home, 'headless.mjs')
  await writeFile(path, source)
  return path
}

async function startedPids(): Promise<number[]> {
  try {
    return (await readFile(join(home, 'started'), 'utf8')).trim().split('\n').map(Number)
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return []
    throw error
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'ESRCH') throw error
  }
}

const start = (deadline?: number): Promise<Door> => startBerth({ env: process.env, headlessPath }, home, () => readDoor(home), deadline)

test('a Berth is started in the background, and its door is found', async () => {
  const door = await start()
  expect(await startedPids()).toEqual([door.pid])
  expect(await readFile(join(home, 'berth.log'), 'utf8')).toBe('Berth is starting.\n')
})

test('many who start one at once meet at one door', async () => {
  const doors = await Promise.all(Array.from({ length: 8 }, () => start()))
  expect(new Set(doors.map(({ pid }) => pid)).size).toBe(1)
})

test('when it ends, the end of its log is told', async () => {
  await writeFile(join(home, 'berth.log'), 'from an earlier day\n')
  await program("console.error('The records cannot be read.'); process.exit(1)")
  await expect(start()).rejects.toMatchObject({
    code: 'BERTH_NOT_STARTED',
    message: 'Berth could not be started in the background: it ended with code 1.',
    data: { log: ['The records cannot be read.'] },
  })
})

test('one that never opens its door is given up on', async () => {
  await program("console.log('Thinking.'); setTimeout(() => {}, 3000)")
  await expect(start(700)).rejects.toMatchObject({ message: expect.stringContaining('no answer within 0.7 seconds') })
})

test('when the Berth that holds the home was on its way out, another is started', async () => {
  await writeFile(join(home, 'lock'), 'the one that is about to end')
  setTimeout(() => void rm(join(home, 'lock')), 500)
  const door = await start()
  expect(await startedPids()).toEqual([expect.any(Number), door.pid])
})
