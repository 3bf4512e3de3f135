/**
 * The wire format of a session's bytes: one frame a message, its first byte the type, the rest the payload. The same over a
 * MessagePort (ArrayBuffers) and a binary WebSocket. Numbers are big-endian.
 *
 * Flow control, both ways: whoever receives `stdout`, `stderr`, `screen` or `stdin` answers with `ack` for the payload bytes it has dealt
 * with. The sender stops reading its source while more than STREAM_WINDOW_BYTES are unacknowledged, so a flood waits in the
 * program that makes it, not in memory.
 */
export const STREAM_WINDOW_BYTES = 1024 * 1024

/** Path of the WebSocket door to a session: `/stream/{sessionId}`. */
export const STREAM_PATH = '/stream/'

export type StreamFrame =
  /** To the client: output; with a tty all of it is `stdout`. */
  | { type: 'stdout' | 'stderr'; bytes: Uint8Array }
  /** To the client, first: escape sequences that paint the screen as it is. */
  | { type: 'screen'; bytes: Uint8Array }
  /** To the client, last. */
  | { type: 'exit'; exitCode: number }
  /** Either way. */
  | { type: 'ack'; byteCount: number }
  /** To the core. */
  | { type: 'stdin'; bytes: Uint8Array }
  | { type: 'stdin-end' }
  | { type: 'resize'; cols: number; rows: number }

const TYPE_BYTES = { stdout: 1, stderr: 2, screen: 3, exit: 4, stdin: 16, 'stdin-end': 17, ack: 18, resize: 19 } as const
const TYPES = new Map(Object.entries(TYPE_BYTES).map(([type, byte]) => [byte as number, type as StreamFrame['type']]))

/** A fresh buffer, so that it can be transferred. */
export function encodeFrame(frame: StreamFrame): Uint8Array<ArrayBuffer> {
  switch (frame.type) {
    case 'stdout':
    case 'stderr':
    case 'screen':
    case 'stdin': {
      const encoded = new Uint8Array(1 + frame.bytes.length)
      encoded[0] = TYPE_BYTES[frame.type]
      encoded.set(frame.bytes, 1)
      return encoded
    }
    case 'exit':
      return encodeNumbers(TYPE_BYTES.exit, [4, frame.exitCode])
    case 'ack':
      return encodeNumbers(TYPE_BYTES.ack, [4, frame.byteCount])
    case 'resize':
      return encodeNumbers(TYPE_BYTES.resize, [2, frame.cols], [2, frame.rows])
    case 'stdin-end':
      return Uint8Array.of(TYPE_BYTES['stdin-end'])
    default:
      return frame satisfies never
  }
}

function encodeNumbers(type: number, ...fields: [size: 2 | 4, value: number][]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(1 + fields.reduce((sum, [size]) => sum + size, 0)))
  view.setUint8(0, type)
  let offset = 1
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(offset, value)
    else view.setInt32(offset, value)
    offset += size
  }
  return new Uint8Array(view.buffer)
}

/** null for anything that is not a whole frame of a known type: the caller closes the channel. Payloads are views, not copies. */
export function decodeFrame(encoded: Uint8Array): StreamFrame | null {
  const type = TYPES.get(encoded[0] ?? -1)
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  switch (type) {
    case 'stdout':
    case 'stderr':
    case 'screen':
    case 'stdin':
      return { type, bytes: encoded.subarray(1) }
    case 'exit':
      return encoded.length === 5 ? { type, exitCode: view.getInt32(1) } : null
    case 'ack':
      return encoded.length === 5 && view.getInt32(1) >= 0 ? { type, byteCount: view.getInt32(1) } : null
    case 'resize':
      return encoded.length === 5 ? { type, cols: view.getUint16(1), rows: view.getUint16(3) } : null
    case 'stdin-end':
      return encoded.length === 1 ? { type } : null
    case undefined:
      return null
    default:
      return type satisfies never
  }
}

/** One end of a session's bytes, whatever carries them. The core gets one for each window that looks at a session. */
export interface StreamChannel {
  send(frame: StreamFrame): void
  /** One listener each; a later one replaces the earlier. */
  onFrame(listener: (frame: StreamFrame) => void): void
  onClose(listener: () => void): void
  close(): void
}
