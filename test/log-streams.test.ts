import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { entriesOf } from '../src/main/logs/entries'
import type { LogSource } from '../src/main/logs/log-source'
import { FIRST_LINES, type LogStreamOptions, streamLog } from '../src/main/logs/log-stream'
import { createLogWriter } from '../src/main/logs/log-writer'
import { decodeLogMessage } from '../src/shared/log-stream'
import { STREAM_WINDOW_BYTES, type StreamChannel, type StreamFrame } from '../src/shared/stream-frames'
import { connectEngine } from './support/test-container'
import { docker, uniqueName } from './support/test-core'

const LINES = 50_000
const LINE = 'a line of a log that is long enough to fill a window with a few thousand of them'

/** A reader of a stream, who takes what comes unless told not to. */
function createReader() {
  const live: number[] = []
  const history: number[] = []
  const marks: string[] = []
  let isTaking = true
  let waitingBytes = 0
  let onFrame: (frame: StreamFrame) => void = () => {}
  let onClose = () => {}
  const numbers = (bytes: Uint8Array) =>
    [...entriesOf(Buffer.from(bytes))].map((entry) => Number(/#(\d+)/.exec(entry.bytes.toString('latin1'))?.[1]))
  const channel: StreamChannel = {
    send(frame) {
      if (frame.type !== 'stdout') return
      const message = decodeLogMessage(frame.bytes)
      if (message === null) throw new Error('That is no message.')
      if (message.kind === 'live') live.push(...numbers(message.bytes))
      else if (message.kind === 'history') history.push(...numbers(message.bytes))
      else marks.push(message.kind === 'history-end' ? `joined ${message.joined}` : message.kind)
      if (isTaking) setImmediate(() => onFrame({ type: 'ack', byteCount: frame.bytes.length }))
      else waitingBytes += frame.bytes.length
    },
    onFrame: (listener) => {
      onFrame = listener
    },
    onClose: (listener) => {
      onClose = listener
    },
    close: () => onClose(),
  }
  return {
    writer: createLogWriter(channel),
    live,
    history,
    marks,
    stall: () => {
      isTaking = false
    },
    goOn() {
      isTaking = true
      onFrame({ type: 'ack', byteCount: waitingBytes })
      waitingBytes = 0
    },
    waitingBytes: () => waitingBytes,
  }
}

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('a stream of a container’s log', () => {
  let engine: Engine
  const containers: Docker.Container[] = []

  beforeAll(async () => {
    engine = await connectEngine()
  })
  afterAll(async () => {
    await Promise.all(containers.map((container) => container.remove({ force: true })))
    engine.close()
  })

  async function start(script: string, logOptions: Record<string, string> = {}): Promise<Docker.Container> {
    const container = await docker.createContainer({
      name: uniqueName('log-stream'),
      Image: LOCAL_IMAGE,
      Entrypoint: ['bash', '-c', script],
      Cmd: [],
      HostConfig: { Init: true, LogConfig: { Type: 'json-file', Config: logOptions } },
    })
    containers.push(container)
    await container.start()
    return container
  }
  const sourceOf = ({ id }: Docker.Container): LogSource => ({
    seekable: true,
    read: (options) => engine.containers.logEntries(id, options),
  })
  const options = (more: Partial<LogStreamOptions> = {}): LogStreamOptions => ({
    follow: false,
    tail: 2_000_000,
    newestFirst: true,
    ...more,
  })
  /** The engine has written this line down, and so all before it. */
  const logged = (container: Docker.Container, line: number) =>
    vi.waitFor(async () => expect((await container.logs({ stdout: true, tail: 1 })).toString('latin1')).toContain(`#${line} `), {
      timeout: 20_000,
      interval: 100,
    })
  const writeLines = (from: number, to: number) => `awk 'BEGIN{for(i=${from};i<=${to};i++)print "#" i " ${LINE}"}'`

  it('gives the last lines first and the rest behind, each line once', async () => {
    const container = await start(writeLines(1, LINES))
    await container.wait()
    const { writer, live, history, marks } = createReader()
    await streamLog(sourceOf(container), options(), writer)
    expect(live).toEqual(numbered(LINES - FIRST_LINES + 1, LINES))
    expect(history).toEqual(numbered(1, LINES - FIRST_LINES))
    expect(marks).toEqual(['joined true'])
  })

  it('keeps to a range of time', async () => {
    const container = await start(`${writeLines(1, 3)}; sleep 1.5; date +%s.%N >&2; sleep 0.5; ${writeLines(4, 6)}`)
    await container.wait()
    const log = (await container.logs({ stderr: true })).toString('latin1')
    const middle = new Date(Number(/\d+\.\d+/.exec(log)?.[0]) * 1000 - 500)
    const since = createReader()
    await streamLog(sourceOf(container), options({ since: middle }), since.writer)
    expect(since.live.filter((number) => !Number.isNaN(number))).toEqual([4, 5, 6])
    const until = createReader()
    await streamLog(sourceOf(container), options({ until: middle, newestFirst: false }), until.writer)
    expect(until.live).toEqual([1, 2, 3])
  })

  it('waits for a reader who takes nothing, holds little meanwhile, and loses no line', async () => {
    const container = await start(`${writeLines(1, LINES)}; sleep 600`)
    const reader = createReader()
    reader.stall()
    const before = process.memoryUsage()
    const streaming = streamLog(sourceOf(container), options({ follow: true, newestFirst: false, stallMilliseconds: 200 }), reader.writer)
    await sleep(2000)
    const after = process.memoryUsage()
    expect(reader.waitingBytes()).toBeLessThan(STREAM_WINDOW_BYTES + 512 * 1024)
    expect(after.external - before.external).toBeLessThan(16 * 1024 * 1024)
    reader.goOn()
    while (reader.live.at(-1) !== LINES) await sleep(50)
    expect(reader.live).toEqual(numbered(1, LINES))
    expect(reader.marks).toEqual([])
    reader.writer.close()
    await streaming
  })

  it('marks where the engine cut the log while the reader took nothing', async () => {
    const container = await start(`${writeLines(1, 10_000)}; sleep 600`, {
      'max-size': '1m',
      'max-file': '2',
    })
    await logged(container, 10_000)
    const reader = createReader()
    reader.stall()
    const streaming = streamLog(sourceOf(container), options({ follow: true, newestFirst: false, stallMilliseconds: 200 }), reader.writer)
    await vi.waitFor(() => expect(reader.waitingBytes()).toBeGreaterThan(STREAM_WINDOW_BYTES / 2), { timeout: 10_000 })
    // It has given up waiting by then, and nothing reads while the engine cuts: older engines lose and double lines for who does.
    await sleep(2000)
    const more = await container.exec({ Cmd: ['sh', '-c', `${writeLines(10_001, LINES)} >/proc/1/fd/1`], AttachStdout: true })
    const output = await more.start({})
    output.resume()
    await new Promise((resolve) => output.on('end', resolve))
    await logged(container, LINES)
    reader.goOn()
    while (reader.live.at(-1) !== LINES) await sleep(50)
    expect(reader.marks).toEqual(['gap'])
    expect(new Set(reader.live).size).toBe(reader.live.length)
    expect(reader.live).toEqual([...reader.live].sort((one, other) => one - other))
    expect(reader.live.length).toBeLessThan(LINES)
    reader.writer.close()
    await streaming
  })
})
