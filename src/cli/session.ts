import type { WebSocket } from 'ws'
import { decodeFrame, encodeFrame, STREAM_WINDOW_BYTES, type StreamFrame } from '../shared/stream-frames'
import { CliError } from './cli-error'
import type { CliContext } from './context'

export interface AttachOptions {
  /** Whether what comes on stdin is sent; otherwise the session's input ends at once. */
  input: boolean
  /** Given for a session with a tty: asked now and whenever the terminal is resized. */
  size?: () => { cols: number; rows: number }
  /** What of the output is written; all of it is acknowledged. */
  keep?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => Uint8Array
}

/**
 * Joins a session to this process's streams until it has ended, and returns its exit code. Output is acknowledged once it is written,
 * so a slow reader slows the program down and nothing gathers here. Throws CONNECTION_LOST when the socket closes first.
 */
export async function attach(
  socket: WebSocket,
  streams: Pick<CliContext, 'stdin' | 'stdout' | 'stderr'>,
  options: AttachOptions,
): Promise<number> {
  const { stdout } = streams
  const stdin = streams.stdin()
  let unacknowledged = 0
  const send = (frame: StreamFrame) => socket.send(encodeFrame(frame))
  const onInput = (bytes: Buffer) => {
    unacknowledged += bytes.length
    if (unacknowledged > STREAM_WINDOW_BYTES) stdin.pause()
    send({ type: 'stdin', bytes })
  }
  const onAcknowledged = (byteCount: number) => {
    unacknowledged = Math.max(0, unacknowledged - byteCount)
    if (options.input && unacknowledged <= STREAM_WINDOW_BYTES) stdin.resume()
  }
  const onInputEnd = () => send({ type: 'stdin-end' })
  const onResize = () => {
    if (options.size !== undefined) send({ type: 'resize', ...options.size() })
  }
  const write = (name: 'stdout' | 'stderr', bytes: Uint8Array) => {
    streams[name].write(options.keep?.(name, bytes) ?? bytes, () => {
      if (socket.readyState === socket.OPEN) send({ type: 'ack', byteCount: bytes.length })
    })
  }
  const ended = new Promise<number>((resolve, reject) => {
    socket.on('message', (data) => {
      const frame = data instanceof ArrayBuffer ? decodeFrame(new Uint8Array(data)) : null
      switch (frame?.type) {
        case 'stdout':
        case 'screen':
          return write('stdout', frame.bytes)
        case 'stderr':
          return write('stderr', frame.bytes)
        case 'ack':
          return onAcknowledged(frame.byteCount)
        case 'exit':
          return resolve(frame.exitCode)
        default:
          // Nothing that Berth sends: the two do not speak the same version.
          socket.terminate()
      }
    })
    socket.once('close', (closeCode: number) =>
      reject(
        new CliError('CONNECTION_LOST', 'The connection to the session broke.', {
          next: 'See “berth info” and try again.',
          data: { closeCode },
        }),
      ),
    )
  })
  socket.resume()
  if (options.size !== undefined) {
    stdout.on('resize', onResize)
    // It may have changed since the session was asked for.
    onResize()
  }
  if (options.input) {
    stdin.on('data', onInput)
    stdin.once('end', onInputEnd)
  } else onInputEnd()
  try {
    return await ended
  } finally {
    socket.removeAllListeners('message')
    stdin.off('data', onInput)
    stdin.off('end', onInputEnd)
    stdin.pause()
    stdout.off('resize', onResize)
    socket.close()
  }
}
