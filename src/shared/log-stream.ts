/**
 * The messages of a log stream (`logs.open`): `stdout` frames, each one message, and finally `exit`. The first byte of a message is its
 * kind. Lines are entries as the engine writes them: the stream's number (1 stdout, 2 stderr), three zero bytes, the length as four bytes
 * big-endian, then time, a space, the text and a line end. An entry without a line end continues in the next one of its stream. A message
 * only has whole entries. Time and space are missing if the time is unknown.
 */
export type LogMessage =
  /** Newest lines and what comes after them. */
  | { kind: 'live'; bytes: Uint8Array }
  /** Lines from before the first live one, oldest first, beside the live ones. */
  | { kind: 'history'; bytes: Uint8Array }
  /** All of the history has come. Unless `joined`, lines between it and the first live one are missing. */
  | { kind: 'history-end'; joined: boolean }
  /** Before the next live line some are missing: the engine dropped them before they could be read. */
  | { kind: 'gap' }
  /** Reading failed; the stream ends after it. The text is a `Problem` as JSON. */
  | { kind: 'problem'; json: string }

/** Most lines of one log that are read and kept; of a longer one the last. */
export const MOST_LOG_LINES = 2_000_000

export const ENTRY_HEADER_BYTES = 8
export const STDOUT_ENTRY = 1
export const STDERR_ENTRY = 2

const KIND_BYTES = { live: 0, history: 1, 'history-end': 2, gap: 3, problem: 4 } as const

/** The payload of a `stdout` frame. */
export function encodeLogMessage(message: LogMessage): Uint8Array {
  switch (message.kind) {
    case 'live':
    case 'history':
      return withKind(message.kind, message.bytes)
    case 'history-end':
      return withKind(message.kind, Uint8Array.of(message.joined ? 1 : 0))
    case 'gap':
      return withKind(message.kind, new Uint8Array())
    case 'problem':
      return withKind(message.kind, new TextEncoder().encode(message.json))
    default:
      return message satisfies never
  }
}

function withKind(kind: LogMessage['kind'], bytes: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(1 + bytes.length)
  encoded[0] = KIND_BYTES[kind]
  encoded.set(bytes, 1)
  return encoded
}

/** null if it is not a message. Lines are views, not copies. */
export function decodeLogMessage(encoded: Uint8Array): LogMessage | null {
  const bytes = encoded.subarray(1)
  switch (encoded[0]) {
    case KIND_BYTES.live:
      return { kind: 'live', bytes }
    case KIND_BYTES.history:
      return { kind: 'history', bytes }
    case KIND_BYTES['history-end']:
      return { kind: 'history-end', joined: bytes[0] === 1 }
    case KIND_BYTES.gap:
      return { kind: 'gap' }
    case KIND_BYTES.problem:
      return { kind: 'problem', json: new TextDecoder().decode(bytes) }
    default:
      return null
  }
}

/** Length of an entry with its header, by the header at `offset`; null when it is not whole. */
export function entryLength(bytes: Uint8Array, offset: number): number | null {
  if (bytes.length - offset < ENTRY_HEADER_BYTES) return null
  const length =
    ENTRY_HEADER_BYTES +
    (bytes[offset + 4] ?? 0) * 0x1000000 +
    (((bytes[offset + 5] ?? 0) << 16) | ((bytes[offset + 6] ?? 0) << 8) | (bytes[offset + 7] ?? 0))
  return offset + length <= bytes.length ? length : null
}

/** How many bytes at the beginning of `text` are a time and a space; 0 when there is none. */
export function timestampLength(text: Uint8Array): number {
  if (text.length < 21 || text[4] !== 0x2d || text[10] !== 0x54) return 0
  const most = Math.min(text.length, 40)
  for (let index = 19; index < most; index++) if (text[index] === 0x20) return index + 1
  return 0
}
