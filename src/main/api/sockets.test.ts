import { once } from 'node:events'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import type { BerthClient } from '../../shared/contract/contract'
import { decodeFrame, encodeFrame, type StreamFrame } from '../../shared/stream-frames'
import { keepAlive } from './heartbeat'
import { MAX_STREAM_FRAME_BYTES } from './stream-socket'
import { authorized, closeCode, mustOpen, openSocket, startTestDoor, type TestDoor, TOKEN } from './testing/test-door'

let door: TestDoor
beforeEach(async () => {
  door = await startTestDoor()
})
afterEach(() => door.end())

const open = (...rest: [path: string, protocols?: string[], options?: Parameters<typeof openSocket>[3]]) => mustOpen(door.server, ...rest)
const refusal = (...rest: [path: string, protocols?: string[], options?: Parameters<typeof openSocket>[3]]) =>
  openSocket(door.server, ...rest)

function clientOf(socket: WebSocket): BerthClient {
  return createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
}

describe('who gets a WebSocket', () => {
  it.each(['/rpc', '/stream/s1'])('at %s: only who has the token', async (path) => {
    expect(await refusal(path, [])).toBe(401)
    expect(await refusal(path, ['berth'])).toBe(401)
    expect(await refusal(path, ['berth', 'wrong'])).toBe(401)
    expect(await refusal(path, [TOKEN])).toBe(401)
    expect((await open(path, ['berth', TOKEN])).protocol).toBe('berth')
    expect((await open(path, [], { headers: authorized })).protocol).toBe('')
  })

  it('refuses pages of other origins and foreign hosts, token or not', async () => {
    expect(await refusal('/rpc', undefined, { origin: 'https://evil.example' })).toBe(403)
    expect(await refusal('/rpc', undefined, { origin: 'null' })).toBe(403)
    expect(await refusal('/rpc', undefined, { origin: `http://localhost:${door.server.port}` })).toBe(403)
    expect(await refusal('/rpc', undefined, { headers: { host: `evil.example:${door.server.port}` } })).toBe(403)
    await open('/rpc', undefined, { origin: door.server.url })
  })

  it('has nothing at other addresses', async () => {
    expect(await refusal('/other')).toBe(404)
  })
})

describe('oRPC over a WebSocket', () => {
  it('calls procedures and carries typed errors', async () => {
    const client = clientOf(await open('/rpc'))
    expect(await client.workspaces.list()).toMatchObject([{ name: 'secret-project' }])
    await expect(client.workspaces.get({ workspace: 'none' })).rejects.toMatchObject({ code: 'WORKSPACE_NOT_FOUND', defined: true })
  })

  it('carries event iterators to their end', async () => {
    const client = clientOf(await open('/rpc'))
    const texts: string[] = []
    for await (const batch of await client.workspaces.logs({ workspace: 'w1' })) texts.push(...batch.entries.map((entry) => entry.text))
    expect(texts).toEqual(['first', 'second'])
  })

  it('waits for a slow reader instead of filling memory, and ends the log with the socket', async () => {
    const socket = await open('/rpc')
    const client = clientOf(socket)
    const iterator = await client.workspaces.logs({ workspace: 'w1', follow: true })
    await iterator.next()
    socket.pause()
    let before = -1
    await expect
      .poll(
        () => {
          const stood = door.probe.floodCount === before
          before = door.probe.floodCount
          return stood
        },
        { interval: 200, timeout: 5000 },
      )
      .toBe(true)
    // What the sockets of the system hold, and no more: 64 KiB each.
    expect(door.probe.floodCount).toBeLessThan(500)
    const waiting = door.probe.floodCount
    socket.resume()
    await expect.poll(() => door.probe.floodCount).toBeGreaterThan(waiting)
    socket.terminate()
    await expect.poll(() => door.probe.floodEnded).toBe(true)
  })
})

describe('a session over a WebSocket', () => {
  it('carries frames both ways', async () => {
    const socket = await open('/stream/s1')
    const channel = door.channels.get('s1')
    if (channel === undefined) throw new Error('Not attached')
    const received: StreamFrame[] = []
    channel.onFrame((frame) => received.push(frame))

    const answer = once(socket, 'message')
    channel.send({ type: 'stdout', bytes: new TextEncoder().encode('hällo') })
    const [data, isBinary] = await answer
    expect(isBinary).toBe(true)
    expect(decodeFrame(data)).toEqual({ type: 'stdout', bytes: Buffer.from('hällo') })

    const sent: StreamFrame[] = [
      { type: 'stdin', bytes: Buffer.from('ls\r') },
      { type: 'resize', cols: 120, rows: 40 },
      { type: 'ack', byteCount: 6 },
      { type: 'stdin-end' },
    ]
    for (const frame of sent) socket.send(encodeFrame(frame))
    await expect.poll(() => received.length).toBe(4)
    expect(received).toEqual(sent)
  })

  it('tells the core when the client is gone, and the client when the core ends it', async () => {
    const socket = await open('/stream/s1')
    let closed = false
    door.channels.get('s1')?.onClose(() => {
      closed = true
    })
    socket.close()
    await expect.poll(() => closed).toBe(true)

    const other = await open('/stream/s1')
    const code = closeCode(other)
    door.channels.get('s1')?.close()
    expect(await code).toBe(1000)
  })

  it('closes with 4404 for a session that is not there', async () => {
    expect(await closeCode(await open('/stream/none'))).toBe(4404)
    expect(await closeCode(await open('/stream/'))).toBe(4404)
  })

  it.each([
    ['text', 'hello'],
    ['an empty message', new Uint8Array()],
    ['an unknown type', Uint8Array.of(99)],
    ['a frame cut short', Uint8Array.of(19, 0)],
    ['a frame that only the core sends', encodeFrame({ type: 'stdout', bytes: Uint8Array.of(1) })],
  ])('closes with 1003 on %s', async (_, message) => {
    const socket = await open('/stream/s1')
    const code = closeCode(socket)
    socket.send(message)
    expect(await code).toBe(1003)
  })

  it('bounds the size of a frame', async () => {
    const socket = await open('/stream/s1')
    const code = closeCode(socket)
    socket.on('error', () => {})
    socket.send(new Uint8Array(MAX_STREAM_FRAME_BYTES + 1).fill(16))
    expect(await code).toBe(1009)
  })
})

describe('the end of a WebSocket', () => {
  it('comes with 1001 when the server closes, within two seconds even for those who do not listen', async () => {
    const polite = await open('/rpc')
    const deaf = await open('/stream/s1')
    deaf.pause()
    const code = closeCode(polite)
    const started = performance.now()
    await door.server.close()
    expect(performance.now() - started).toBeLessThan(2000)
    expect(await code).toBe(1001)
  })

  it('comes when the other end does not answer pings', async () => {
    const socket = await open('/stream/s1', undefined)
    const answered = await open('/rpc')
    socket.pong = () => {}
    for (const each of [socket, answered]) keepAlive(each, 50)
    answered.on('ping', () => {})
    // Seen from this side: the server answers pings, so neither is dropped.
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect([socket.readyState, answered.readyState]).toEqual([1, 1])
    // A server that was suspended does not.
    socket.pause()
    await expect.poll(() => socket.readyState, { timeout: 2000 }).toBe(3)
  })
})
