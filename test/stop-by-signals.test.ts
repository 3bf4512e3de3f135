import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import type { ExecOptions, ExecStream } from '../src/main/engine/exec'
import { stopBySignals } from '../src/main/workspaces/base/stop-by-signals'
import { connectEngine, startContainer } from './support/test-container'
import { docker } from './support/test-core'

/** How a container is held still on an engine that has no control groups to pause. It works on any. */
const COUNT = 'while :; do i=$((i + 1)); echo $i >/tmp/$0; done'
/** It would go on at once if it saw its child stopped: that is how a terminal's Ctrl+Z looks. */
const WAITING_SHELL = String.raw`bash -mc "bash -c \"until [ -e /tmp/go ]; do sleep 0.2; done\"; echo gone on >/tmp/waiting"`
let engine: Engine
let container: Docker.Container

beforeAll(async () => {
  engine = await connectEngine()
  container = await startContainer('signals')
  // Two that work; one that a user has stopped; one that waits for its child, as a shell does.
  await inside('for name in one two; do setsid bash -c \'exec bash -c "$1" $0\' $name "$1" & done', COUNT)
  await inside('setsid sleep 1000 & echo $! >/tmp/stopped; kill -STOP $!')
  await inside(`setsid script -qc '${WAITING_SHELL}' /dev/null </dev/null >/dev/null 2>&1 &`)
})
afterAll(async () => {
  engine.close()
  await container.remove({ force: true })
})

async function inside(line: string, ...args: string[]): Promise<string> {
  const exec = await engine.exec.start({
    ...{ containerId: container.id, command: ['bash', '-c', line, 'bash', ...args], user: 'root', tty: false, stdin: false },
  })
  exec.stderr.resume()
  return Buffer.concat(await exec.stdout.toArray()).toString()
}

/** Read past the container, in which everything stands still. */
async function files(): Promise<string> {
  const read = async (path: string) => {
    const archive = (await container.getArchive({ path })) as Readable
    return Buffer.concat(await archive.toArray()).toString('latin1')
  }
  return JSON.stringify([await read('/tmp/one'), await read('/tmp/two')])
}

const BUSY = { timeout: 15_000, interval: 100 }
const areAtWork = () =>
  vi.waitFor(async () => {
    const before = await files()
    await sleep(200)
    expect(await files()).not.toBe(before)
  }, BUSY)

it('nothing is written while they stand still, and they go on afterwards', async () => {
  await areAtWork()
  let seen: string[] = []
  await stopBySignals(engine, container.id, async () => {
    seen = [await files()]
    await sleep(500)
    seen.push(await files())
  })
  expect(seen[0]).toBe(seen[1])
  await areAtWork()
})

it('what a user had stopped stays so, and a shell does not take its child for suspended', async () => {
  expect(await inside('ps -o stat= -p "$(cat /tmp/stopped)"')).toMatch(/^T/)
  expect(await inside('ls /tmp/waiting 2>/dev/null')).toBe('')
  await inside('touch /tmp/go')
  await expect.poll(() => inside('cat /tmp/waiting'), BUSY).toBe('gone on\n')
})

it('they go on when what is done meanwhile fails', async () => {
  await expect(
    stopBySignals(engine, container.id, async () => {
      throw new Error('no copy')
    }),
  ).rejects.toThrow('no copy')
  await areAtWork()
})

it('they go on when Berth dies meanwhile', async () => {
  // Its connections go with it.
  const connections: ExecStream[] = []
  const start = async (options: ExecOptions) => {
    const connection = await engine.exec.start(options)
    connections.push(connection)
    return connection
  }
  const begun = Promise.withResolvers<void>()
  void stopBySignals({ exec: { start } }, container.id, async () => {
    begun.resolve()
    await sleep(60_000, undefined, { ref: false })
  }).catch(() => undefined)
  await begun.promise
  const before = await files()
  await sleep(300)
  expect(await files()).toBe(before)
  connections[0]?.destroy()
  await areAtWork()
})

it('nothing is left of it', async () => {
  const left = async () => {
    const { Processes: processes } = (await docker.getContainer(container.id).top({ ps_args: '-eo pid,args' })) as { Processes: string[][] }
    return processes.filter(([, args]) => args?.includes('standing'))
  }
  await expect.poll(left, BUSY).toEqual([])
})
