import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { followLog } from '../src/main/logs/follow-log'
import type { ReadLogInput } from '../src/main/logs/logs'
import { connectEngine, startContainer } from './support/test-container'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

const LINES = 100_000

describe('the log of a container of a real engine', () => {
  let engine: Engine
  let talkative: Docker.Container

  beforeAll(async () => {
    engine = await connectEngine()
    talkative = await startContainer('log', ['bash', '-c', `seq 1 ${LINES}; echo oops >&2; sleep 2; echo é done`])
  })
  afterAll(async () => {
    await talkative.remove({ force: true })
    engine.close()
  })

  const follow = (options: { follow: boolean; tail: number }) =>
    followLog((signal) => engine.containers.logEntries(talkative.id, { ...options, signal }), new AbortController().signal)

  it('is followed from its beginning to the end of the container, every line of it in its order', async () => {
    const lines: string[] = []
    const streams = new Set<string>()
    for await (const { entries, missed } of follow({ follow: true, tail: LINES * 2 })) {
      expect(missed).toBe(0)
      for (const { text, stream, time } of entries) {
        if (stream === 'stdout') lines.push(text)
        streams.add(`${stream} ${time === null ? 'without' : 'with'} time`)
      }
    }
    expect(lines).toEqual([...Array.from({ length: LINES }, (_, line) => String(line + 1)), 'é done'])
    expect([...streams].sort()).toEqual(['stderr with time', 'stdout with time'])
  })

  it('is read from its tail, and ends there when it is not followed', async () => {
    const lines: string[] = []
    for await (const { entries } of follow({ follow: false, tail: 3 })) lines.push(...entries.map(({ text }) => text))
    expect(lines).toHaveLength(3)
    expect(lines.at(-1)).toBe('é done')
  })

  it('ends when it is cancelled while the container is silent', async () => {
    const silent = await startContainer('log-silent', ['bash', '-c', 'echo one; sleep 600'])
    try {
      const controller = new AbortController()
      const read = (signal: AbortSignal) => engine.containers.logEntries(silent.id, { follow: true, tail: 10, signal })
      const batches = followLog(read, controller.signal)
      expect((await batches.next()).value?.entries.map(({ text }) => text)).toEqual(['one'])
      const waiting = batches.next()
      await sleep(50)
      controller.abort()
      expect((await waiting).done).toBe(true)
    } finally {
      await silent.remove({ force: true })
    }
  })
})

describe('the logs of a workspace', () => {
  let test: TestCore
  const name = uniqueName('logs')

  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name }))
  })
  afterAll(() => test.dispose())

  async function read(more: Partial<ReadLogInput> = {}, signal = new AbortController().signal): Promise<string[]> {
    const lines: string[] = []
    const input = { workspace: name, source: 'container' as const, follow: false, tail: 1000, ...more }
    for await (const { entries } of test.core.logs.read(input, signal)) lines.push(...entries.map(({ text }) => text))
    return lines
  }

  const write = (line: string) => inside(test.core, name, `echo "${line}" >>/var/log/berth/dockerd.log`, 'root')

  it('are those of its container, its making and its services; stopped or running, they can be read', async () => {
    const sources = await test.core.logs.sources(name)
    expect(sources.map(({ source }) => source)).toEqual(['container', 'build', 'engine', 'ssh'])
    expect(sources.find(({ source }) => source === 'ssh')?.bytes).toBeGreaterThan(0)
    expect(await read()).toContain('berth: ready')
    expect(await read({ source: 'ssh' })).toContainEqual(expect.stringContaining('Server listening on'))
    expect(await read({ source: 'build' })).toEqual(expect.arrayContaining(['Create container', 'Done']))
    // A newer engine has nothing to warn of.
    await write('an engine that says something')
    await done(test.core, test.core.workspaces.stop(name))
    expect(await read({ source: 'ssh' })).toContainEqual(expect.stringContaining('Server listening on'))
    expect(await read({ source: 'engine', tail: 1 })).toHaveLength(1)
    expect(await read({ source: 'init' })).toEqual([])
    await done(test.core, test.core.workspaces.start({ name }))
  })

  it('of services are followed as they are written, and leave no process behind', async () => {
    await write('written before')
    const controller = new AbortController()
    const seen: string[] = []
    const reading = (async () => {
      const input = { workspace: name, source: 'engine' as const, follow: true, tail: 1 }
      for await (const { entries } of test.core.logs.read(input, controller.signal)) seen.push(...entries.map(({ text }) => text))
    })()
    await until(() => seen.length > 0)
    await write('written later')
    await until(() => seen.includes('written later'))
    controller.abort()
    await reading
    await until(async () => (await inside(test.core, name, 'pgrep -c tail || true', 'root')) === '0')
  })

  it('say what is wrong with their names', async () => {
    await expect(test.core.logs.sources('nobody')).rejects.toMatchObject({ code: 'WORKSPACE_NOT_FOUND' })
    expect(() => test.core.logs.attach('log-none', { send() {}, onFrame() {}, onClose() {}, close() {} })).toThrow()
  })
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50)
}
