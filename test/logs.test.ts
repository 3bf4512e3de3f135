import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { followLog } from '../src/main/logs/follow-log'
import { connectEngine, startContainer } from './support/test-container'

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
