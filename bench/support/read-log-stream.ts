import { once } from 'node:events'
import { openSocket } from '../../src/cli/connection/door'
import type { Door } from '../../src/shared/door'
import { decodeLogMessage, entryLength } from '../../src/shared/log-stream'
import { decodeFrame, encodeFrame, STREAM_PATH } from '../../src/shared/stream-frames'

/** Reads a log stream to its end as a client does, and counts. */
export async function readLogStream(door: Door, streamId: string): Promise<{ lines: number; bytes: number }> {
  const socket = await openSocket(door, STREAM_PATH + encodeURIComponent(streamId))
  let lines = 0
  let bytes = 0
  socket.on('message', (data) => {
    const frame = data instanceof ArrayBuffer ? decodeFrame(new Uint8Array(data)) : null
    if (frame?.type !== 'stdout') return
    const message = decodeLogMessage(frame.bytes)
    if (message?.kind === 'live' || message?.kind === 'history') {
      bytes += message.bytes.length
      let offset = 0
      for (let length = entryLength(message.bytes, 0); length !== null; length = entryLength(message.bytes, offset)) {
        lines++
        offset += length
      }
    }
    socket.send(encodeFrame({ type: 'ack', byteCount: frame.bytes.length }))
  })
  socket.resume()
  await once(socket, 'close')
  return { lines, bytes }
}
