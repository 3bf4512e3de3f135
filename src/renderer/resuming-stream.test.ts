import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeFrame, encodeFrame, type StreamFrame } from '../shared/stream-frames'
import { resumingStream, type StreamConnectionEvents, type StreamState } from './resuming-stream'

interface Connected {
  events: StreamConnectionEvents
  sent: StreamFrame[]
  closed: boolean
}

function openDouble() {
  const connections: Connected[] = []
  let retry: (() => void) | null = null
  const stream = resumingStream(
    (events) => {
      const made: Connected = { events, sent: [], closed: false }
      connections.push(made)
      return {
        send(encoded) {
          const frame = decodeFrame(encoded)
          if (!frame) throw new Error('sent something that is not a frame')
          made.sent.push(frame)
        },
        close() {
          made.closed = true
        },
      }
    },
    (listener) => {
      retry = listener
      return () => {
        retry = null
      }
    },
  )
  const states: StreamState[] = []
  const frames: StreamFrame[] = []
  let closes = 0
  stream.onState((state) => states.push(state))
  stream.onFrame((frame) => frames.push(frame))
  stream.onClose(() => closes++)
  const at = (index: number): Connected => {
    const connection = connections[index]
    if (!connection) throw new Error(`there is no connection ${index}`)
    return connection
  }
  return {
    stream,
    states,
    frames,
    at,
    count: () => connections.length,
    closes: () => closes,
    hope: () => retry?.(),
    hopes: () => retry !== null,
  }
}

const bytes = (length: number) => new Uint8Array(length).fill(97)

describe('a stream that resumes', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('connects again after a drop, and tells so', () => {
    const { at, count, states } = openDouble()
    at(0).events.opened()
    at(0).events.closed('dropped')
    expect(count()).toBe(1)
    vi.advanceTimersByTime(250)
    at(1).events.opened()
    expect(states).toEqual(['connecting', 'open', 'connecting', 'open'])
  })

  it('waits longer after each failed try, and shortly again once bytes came', () => {
    const { at, count } = openDouble()
    at(0).events.closed('dropped')
    vi.advanceTimersByTime(250)
    at(1).events.closed('dropped')
    vi.advanceTimersByTime(499)
    expect(count()).toBe(2)
    vi.advanceTimersByTime(1)
    at(2).events.opened()
    at(2).events.message(encodeFrame({ type: 'screen', bytes: bytes(1) }))
    at(2).events.closed('dropped')
    vi.advanceTimersByTime(250)
    expect(count()).toBe(4)
  })

  it('sends the last size first on each connection', () => {
    const { stream, at } = openDouble()
    stream.send({ type: 'resize', cols: 80, rows: 24 })
    stream.send({ type: 'resize', cols: 120, rows: 40 })
    at(0).events.opened()
    at(0).events.closed('dropped')
    vi.advanceTimersByTime(250)
    at(1).events.opened()
    expect(at(0).sent).toEqual([{ type: 'resize', cols: 120, rows: 40 }])
    expect(at(1).sent).toEqual([{ type: 'resize', cols: 120, rows: 40 }])
  })

  it('drops input typed while there is no connection', () => {
    const { stream, at } = openDouble()
    stream.send({ type: 'stdin', bytes: bytes(3) })
    at(0).events.opened()
    expect(at(0).sent).toEqual([])
  })

  it('acknowledges to a connection only what came over it', () => {
    const { stream, at } = openDouble()
    at(0).events.opened()
    at(0).events.message(encodeFrame({ type: 'stdout', bytes: bytes(100) }))
    at(0).events.closed('dropped')
    vi.advanceTimersByTime(250)
    at(1).events.opened()
    at(1).events.message(encodeFrame({ type: 'screen', bytes: bytes(10) }))
    stream.send({ type: 'ack', byteCount: 60 })
    stream.send({ type: 'ack', byteCount: 45 })
    stream.send({ type: 'ack', byteCount: 5 })
    expect(at(1).sent).toEqual([
      { type: 'ack', byteCount: 5 },
      { type: 'ack', byteCount: 5 },
    ])
  })

  it('is over after an exit, without another try', () => {
    const { at, count, states, frames, closes } = openDouble()
    at(0).events.opened()
    at(0).events.message(encodeFrame({ type: 'exit', exitCode: 3 }))
    at(0).events.closed('dropped')
    vi.advanceTimersByTime(60_000)
    expect(count()).toBe(1)
    expect(at(0).closed).toBe(true)
    expect(frames).toEqual([{ type: 'exit', exitCode: 3 }])
    expect(states.at(-1)).toBe('closed')
    expect(closes()).toBe(0)
  })

  it('tells when the session is gone, and does not ask for it again', () => {
    const { at, count, closes } = openDouble()
    at(0).events.closed('refused')
    vi.advanceTimersByTime(60_000)
    expect(count()).toBe(1)
    expect(closes()).toBe(1)
  })

  it('treats a malformed frame as a drop', () => {
    const { at, count, frames } = openDouble()
    at(0).events.opened()
    at(0).events.message(Uint8Array.of(99, 1))
    expect(at(0).closed).toBe(true)
    vi.advanceTimersByTime(250)
    expect(count()).toBe(2)
    expect(frames).toEqual([])
  })

  it('tries at once when there is hope, and once only', () => {
    const { at, count, hope, hopes, stream } = openDouble()
    hope()
    expect(count()).toBe(1)
    at(0).events.closed('dropped')
    hope()
    hope()
    vi.advanceTimersByTime(60_000)
    expect(count()).toBe(2)
    stream.close()
    expect(hopes()).toBe(false)
  })

  it('does not come back once it was closed while waiting', () => {
    const { stream, at, count } = openDouble()
    at(0).events.closed('dropped')
    stream.close()
    vi.advanceTimersByTime(60_000)
    expect(count()).toBe(1)
  })

  it('leaves the connection for another at once when the whole screen is wanted', () => {
    const { stream, at, count, frames, closes } = openDouble()
    stream.renew()
    expect(count()).toBe(1)
    at(0).events.opened()
    stream.renew()
    expect(at(0).closed).toBe(true)
    expect(count()).toBe(2)
    at(0).events.message(encodeFrame({ type: 'stdout', bytes: bytes(3) }))
    at(1).events.opened()
    at(1).events.message(encodeFrame({ type: 'screen', bytes: bytes(5) }))
    expect(frames.map(({ type }) => type)).toEqual(['screen'])
    expect(closes()).toBe(0)
  })

  it('keeps what is typed while it changes connections, but not when the other one drops', () => {
    const { stream, at, states } = openDouble()
    at(0).events.opened()
    stream.renew()
    stream.send({ type: 'stdin', bytes: bytes(2) })
    expect(at(1).sent).toEqual([])
    at(1).events.opened()
    expect(at(1).sent).toEqual([{ type: 'stdin', bytes: bytes(2) }])
    expect(states).toEqual(['connecting', 'open'])
    stream.renew()
    stream.send({ type: 'stdin', bytes: bytes(3) })
    at(2).events.closed('dropped')
    expect(states.at(-1)).toBe('connecting')
    vi.advanceTimersByTime(1000)
    at(3).events.opened()
    expect(at(3).sent).toEqual([])
  })
})
