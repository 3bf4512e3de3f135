import { expect, test } from 'vitest'
import { BerthError } from '../../shared/errors'
import type { StreamChannel, StreamFrame } from '../../shared/stream-frames'
import { serveUpload } from './upload-stream'

function fakeChannel() {
  const sent: StreamFrame[] = []
  let onFrame: (frame: StreamFrame) => void = () => {}
  let onClose = () => {}
  let closed = false
  const channel: StreamChannel = {
    send: (frame) => sent.push(frame),
    onFrame: (listener) => {
      onFrame = listener
    },
    onClose: (listener) => {
      onClose = listener
    },
    close: () => {
      closed = true
    },
  }
  return {
    channel,
    sent,
    isClosed: () => closed,
    input: (text: string) => onFrame({ type: 'stdin', bytes: Buffer.from(text) }),
    end: () => onFrame({ type: 'stdin-end' }),
    leave: () => onClose(),
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('bytes are acknowledged as they are taken, and the end is told', async () => {
  const client = fakeChannel()
  const taken: string[] = []
  let goOn = Promise.withResolvers<void>()
  serveUpload(client.channel, async (chunks) => {
    for await (const chunk of chunks) {
      taken.push(Buffer.from(chunk).toString())
      await goOn.promise
      goOn = Promise.withResolvers()
    }
  })
  client.input('one')
  client.input('second')
  await settled()
  expect(taken).toEqual(['one'])
  expect(client.sent).toEqual([])
  goOn.resolve()
  await settled()
  expect(client.sent).toEqual([{ type: 'ack', byteCount: 3 }])
  client.end()
  goOn.resolve()
  await settled()
  expect(taken).toEqual(['one', 'second'])
  expect(client.sent.at(-1)).toEqual({ type: 'exit', exitCode: 0 })
  expect(client.isClosed()).toBe(true)
})

test('a failure is told with its problem', async () => {
  const client = fakeChannel()
  serveUpload(client.channel, async () => {
    throw new BerthError('DISK_FULL', 'It is full.', { where: 'demo', next: 'Delete something.' })
  })
  await settled()
  const [problem, exit] = client.sent
  expect(problem?.type === 'stderr' && JSON.parse(Buffer.from(problem.bytes).toString())).toMatchObject({ code: 'DISK_FULL' })
  expect(exit).toEqual({ type: 'exit', exitCode: 1 })
})

test('a client that goes away cancels', async () => {
  const client = fakeChannel()
  const ended = Promise.withResolvers<unknown>()
  serveUpload(client.channel, async (chunks, signal) => {
    try {
      for await (const _ of chunks);
    } catch (error) {
      ended.resolve([signal.aborted, error])
      throw error
    }
  })
  client.leave()
  expect(await ended.promise).toMatchObject([true, { name: 'AbortError' }])
  await settled()
  expect(client.sent).toEqual([])
})

test('a client that floods is cut off', () => {
  const client = fakeChannel()
  serveUpload(client.channel, () => new Promise(() => undefined))
  for (let count = 0; count < 5 && !client.isClosed(); count++) client.input('x'.repeat(8 * 1024 * 1024))
  expect(client.isClosed()).toBe(true)
})
