import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEngine, type Engine } from '../src/main/engine/engine'
import { createTurns } from '../src/main/engine/turns'
import { createEngineSync } from '../src/main/workspaces/base/engine-sync'
import type { EngineState } from '../src/shared/contract/engines'
import { type EngineProxy, startEngineProxy } from './support/engine-proxy'
import { longIt } from './support/long'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { startContainer } from './support/test-container'

const UNREACHABLE = { code: 'ENGINE_UNREACHABLE' }
const isList = (line: string) => line.startsWith('GET /containers/json')

/** An engine as the core has it, and what keeps in step with it; its registry and storage are not what is tested. */
async function openEngine(endpoint: string) {
  const homeFolder = await mkdtemp(join(tmpdir(), 'berth-test-'))
  const states: EngineState[] = []
  const engine = createEngine({
    address: () => ({ url: endpoint }),
    surroundings: { environment: {}, platform: process.platform, homeFolder, berthHome: homeFolder },
    label: 'dev.berth.owner=nobody',
  })
  const sync = createEngineSync({
    place: 'local',
    engine,
    installationId: 'nobody',
    storage: { attachPool: async () => undefined, sweep: async () => undefined, removeLeftHelpers: async () => undefined },
    registry: { replaceContainers: async () => undefined, applyEvent: () => undefined } as never,
    now: () => new Date(),
    foreignWorkspaces: { replaceContainers: async () => undefined, applyEvent: () => undefined } as never,
    operations: { resume: async () => undefined },
    looks: createTurns(1),
    isPrepared: () => true,
    onEngineState: (state) => states.push(state),
    onOwnContainers: () => undefined,
    onRemoval: () => undefined,
    onListed: () => undefined,
  })
  engine.start(sync)
  return {
    engine,
    sync,
    states,
    async close() {
      engine.close()
      await rm(homeFolder, { recursive: true, force: true })
    },
  }
}

async function becomes(engine: Engine, status: EngineState['status'], timeout = 20_000): Promise<number> {
  const begin = performance.now()
  await vi.waitFor(() => expect(engine.state().status).toBe(status), { timeout, interval: 20 })
  return performance.now() - begin
}

describe('an engine that answers badly', () => {
  let proxy: EngineProxy
  let opened: Awaited<ReturnType<typeof openEngine>>
  beforeEach(async () => {
    proxy = await startEngineProxy()
    opened = await openEngine(proxy.endpoint)
    await opened.sync.ready()
  })
  afterEach(async () => {
    await opened.close()
    await proxy.close()
  })

  /** The first lists that are asked for end so; returns how many there were. */
  function countLists(fate: 'hold' | 'cut', first: number): () => number {
    let lists = 0
    proxy.decide((line) => {
      if (!isList(line)) return 'pass'
      lists += 1
      return lists <= first ? fate : 'pass'
    })
    return () => lists
  }

  it('and flaps while it lists leaves no caller waiting', async () => {
    const { engine, sync } = opened
    const lists = countLists('hold', 3)
    const waiting = []
    for (let flap = 0; flap < 3; flap++) {
      const connecting = engine.reconnect()
      waiting.push(sync.ready())
      await connecting
      await vi.waitFor(() => expect(lists()).toBe(flap + 1))
      waiting.push(sync.ready())
      proxy.breakEvents('')
      await becomes(engine, 'connecting')
      waiting.push(sync.ready())
      await becomes(engine, 'connected')
    }
    await Promise.all(waiting)
    expect(lists()).toBe(4)
  })

  it('is asked for its containers again when only that failed', async () => {
    const { engine, sync, states } = opened
    const lists = countLists('cut', 2)
    await engine.reconnect()
    await sync.ready()
    expect(lists()).toBe(3)
    expect(states.slice(-2).map(({ status }) => status)).toEqual(['connecting', 'connected'])
  })

  it('tells waiting callers when it is gone', async () => {
    const { sync } = opened
    proxy.cut()
    await vi.waitFor(() => expect(opened.engine.state().status).not.toBe('connected'))
    await expect(sync.ready()).rejects.toMatchObject(UNREACHABLE)
  })

  it.each(['{"Type":"container","Action":"st', 'not JSON\n', '{"a":\n', '\0\n', `${'x'.repeat(5 * 1024 * 1024)}`])(
    'is connected to again after an event that is none (%#)',
    async (text) => {
      const { engine, sync } = opened
      proxy.breakEvents(text)
      await becomes(engine, 'connecting')
      await becomes(engine, 'connected')
      await sync.ready()
    },
  )

  it('is found out when it takes calls and answers none, and all is right when it goes on', async () => {
    const { engine, sync } = opened
    proxy.stall()
    const call = engine.containers.list()
    const begin = performance.now()
    await expect(call).rejects.toMatchObject(UNREACHABLE)
    const noticed = performance.now() - begin
    expect(engine.state().status).not.toBe('connected')
    await becomes(engine, 'unreachable')
    proxy.resume()
    await becomes(engine, 'connected')
    await sync.ready()
    await engine.containers.list()
    process.stdout.write(`A stalled engine was found out after ${Math.round(noticed)} ms.\n`)
    expect(noticed).toBeLessThan(10_000)
  })

  it('is found out when only a program’s input is sent to it', async () => {
    const container = await startContainer('silent')
    try {
      const exec = await opened.engine.exec.start({ containerId: container.id, command: ['cat'], user: 'root', tty: false, stdin: true })
      let echoed = ''
      exec.stdout.on('data', (chunk) => {
        echoed += chunk
      })
      exec.stdin?.write('heard\n')
      await expect.poll(() => echoed).toBe('heard\n')
      proxy.stall()
      exec.stdin?.write('not heard\n')
      const noticed = await becomes(opened.engine, 'unreachable')
      proxy.resume()
      await becomes(opened.engine, 'connected')
      await expect.poll(() => echoed, { message: 'a terminal goes on' }).toBe('heard\nnot heard\n')
      exec.stdin?.end()
      expect(await exec.exitCode()).toBe(0)
      process.stdout.write(`A stalled engine was found out ${Math.round(noticed)} ms after a key.\n`)
      expect(noticed).toBeLessThan(10_000)
    } finally {
      await container.remove({ force: true })
    }
  })

  longIt('is asked once at most when a program that was sent something says nothing', async () => {
    const container = await startContainer('quiet')
    try {
      const exec = await opened.engine.exec.start({
        ...{ containerId: container.id, command: ['sleep', '60'] },
        ...{ user: 'root', tty: false, stdin: true },
      })
      // An event of its start would be sign enough.
      await new Promise((resolve) => setTimeout(resolve, 1000))
      const before = proxy.requests.length
      exec.stdin?.write('anything')
      await new Promise((resolve) => setTimeout(resolve, 10_000))
      // None at all when the engine tells of other tests’ containers meanwhile.
      expect(proxy.requests.slice(before).length).toBeLessThanOrEqual(1)
      exec.destroy()
    } finally {
      await container.remove({ force: true })
    }
  })

  it('is not pinged while nothing waits for it', async () => {
    await opened.engine.containers.list()
    const before = proxy.requests.length
    await new Promise((resolve) => setTimeout(resolve, 4500))
    expect(proxy.requests.slice(before)).toEqual([])
  })

  it('fails the call whose answer is cut off', async () => {
    proxy.decide((line) => (line.includes('/volumes') ? 'cut' : 'pass'))
    await expect(opened.engine.volumes.list('a=b')).rejects.toMatchObject(UNREACHABLE)
    expect(opened.engine.state().status).toBe('connected')
  })
})

describe('an engine whose process is stopped', () => {
  let second: SecondEngine
  beforeEach(async () => {
    second = await startSecondEngine()
  })
  afterEach(() => second.dispose())

  it('is said not to answer within ten seconds of a call, and is there again when it goes on', async () => {
    const { engine, sync, close } = await openEngine(second.endpoint)
    await sync.ready()
    process.kill(second.pid(), 'SIGSTOP')
    try {
      // Its threads on other processors go on for a moment.
      await expect.poll(() => threadStates(second.pid())).toEqual(new Set(['T']))
      const begin = performance.now()
      const calls = [engine.containers.list(), engine.volumes.list('a=b'), engine.images.inspect('none')]
      for (const call of await Promise.allSettled(calls)) expect(call).toMatchObject({ status: 'rejected', reason: UNREACHABLE })
      const noticed = performance.now() - begin
      expect(engine.state().status).not.toBe('connected')
      expect(noticed).toBeLessThan(10_000)
      process.stdout.write(`A stopped engine was found out after ${Math.round(noticed)} ms.\n`)
      await becomes(engine, 'unreachable')
      await expect(sync.ready()).rejects.toMatchObject(UNREACHABLE)
    } finally {
      process.kill(second.pid(), 'SIGCONT')
    }
    await becomes(engine, 'connected')
    await sync.ready()
    expect(await engine.containers.list()).toEqual([])
    await close()
  })
})

/** As /proc has them: T is stopped. */
async function threadStates(pid: number): Promise<Set<string | undefined>> {
  const folder = `/proc/${pid}/task`
  const threads = await Promise.all((await readdir(folder)).map((thread) => readFile(`${folder}/${thread}/stat`, 'utf8')))
  return new Set(threads.map((stat) => stat.at(stat.lastIndexOf(')') + 2)))
}

describe('a server that is no engine', () => {
  it('is not followed to where it redirects', async () => {
    const asked: string[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const { port } = elsewhere.address() as AddressInfo
    const server = createServer((_, response) => {
      response.writeHead(301, { location: `http://127.0.0.1:${port}/x` }).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { engine, close } = await openEngine(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await becomes(engine, 'unreachable')
    expect(engine.state()).toMatchObject({ tried: [{ reason: 'status 301, redirect' }] })
    expect(asked).toEqual([])
    await close()
    server.close()
    elsewhere.close()
  })
})
