import type { RawData, WebSocket } from 'ws'
import { isBerthError } from '../../shared/errors'
import { decodeFrame, encodeFrame, type StreamChannel } from '../../shared/stream-frames'
import { log } from '../log'

/** The most that one frame from a client may hold: a large paste. */
export const MAX_STREAM_FRAME_BYTES = 8 * 1024 * 1024

/** Close codes of a session's WebSocket, beside the usual ones. */
export const CLOSE_MALFORMED_FRAME = 1003
export const CLOSE_UNKNOWN_SESSION = 4404
const CLOSE_NORMAL = 1000
const CLOSE_INTERNAL_ERROR = 1011

export type AttachStream = (sessionId: string, channel: StreamChannel) => void

/** Gives a session's bytes to a WebSocket; the caller has checked host, origin and token. */
export function attachSocket(socket: WebSocket, sessionId: string, attachStream: AttachStream): void {
  try {
    attachStream(sessionId, socketChannel(socket))
  } catch (error) {
    if (isBerthError(error, 'SESSION_NOT_FOUND')) {
      socket.close(CLOSE_UNKNOWN_SESSION, 'SESSION_NOT_FOUND')
      return
    }
    log.error({ err: error, sessionId }, 'a session could not be attached')
    socket.close(CLOSE_INTERNAL_ERROR, 'INTERNAL')
  }
}

function socketChannel(socket: WebSocket): StreamChannel {
  let onFrame: Parameters<StreamChannel['onFrame']>[0] = () => {}
  let onClose = () => {}

  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? decodeFrame(toBytes(data)) : null
    if (frame === null || !isFromClient(frame.type)) socket.close(CLOSE_MALFORMED_FRAME, 'Not a session frame')
    else onFrame(frame)
  })
  socket.on('close', () => onClose())

  return {
    send(frame) {
      // What waits here is bounded by the acknowledgements that the sender waits for.
      if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame))
    },
    onFrame(listener) {
      onFrame = listener
    },
    onClose(listener) {
      onClose = listener
    },
    close() {
      socket.close(CLOSE_NORMAL)
    },
  }
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}

/** Frames that carry something to the core; the rest only travel the other way. */
export function isFromClient(type: string): boolean {
  return type === 'stdin' || type === 'stdin-end' || type === 'ack' || type === 'resize'
}
