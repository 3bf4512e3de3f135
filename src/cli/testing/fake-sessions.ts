import type { WebSocket } from 'ws'
import { decodeFrame, encodeFrame, type StreamFrame } from '../../shared/stream-frames'

/**
 * Plays a session's command: `cat` gives its input back, `fail` ends with 7, `hang` ends by a signal only, `stubborn` never, `break` drops the connection; anything else
 * prints itself. The first frames are sent at once, as early as a client can be surprised by them.
 */
export function playSession(socket: WebSocket, command: readonly string[], received: StreamFrame[]): void {
  const send = (frame: StreamFrame) => socket.send(encodeFrame(frame))
  const [program] = command
  send({ type: 'screen', bytes: new Uint8Array() })
  socket.on('message', (data) => {
    const frame = Buffer.isBuffer(data) ? decodeFrame(data) : null
    if (frame === null) return socket.close(1003)
    received.push(frame.type === 'stdin' ? { ...frame, bytes: frame.bytes.slice() } : frame)
    if (frame.type === 'stdin') send({ type: 'ack', byteCount: frame.bytes.length })
    if (program !== 'cat') return
    if (frame.type === 'stdin') send({ type: 'stdout', bytes: frame.bytes })
    if (frame.type === 'stdin-end') send({ type: 'exit', exitCode: 0 })
  })
  if (program === 'cat' || program === 'hang' || program === 'stubborn') return
  if (program === 'break') {
    socket.terminate()
    return
  }
  send({ type: 'stdout', bytes: Buffer.from(`${command.join(' ')}\n`) })
  send({ type: 'stderr', bytes: Buffer.from('and an error\n') })
  send({ type: 'exit', exitCode: program === 'fail' ? 7 : 0 })
}
