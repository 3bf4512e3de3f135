import { ENTRY_HEADER_BYTES, entryLength, STDERR_ENTRY, STDOUT_ENTRY, timestampLength } from '../../shared/log-stream'

/** An entry within a piece of a log. */
export interface Entry {
  /** With its header. */
  bytes: Buffer
  /** RFC 3339, as the engine writes it; null when there is none. */
  time: string | null
}

/** The entries of a piece that holds whole ones. */
export function* entriesOf(piece: Buffer): Generator<Entry> {
  let offset = 0
  for (;;) {
    const length = entryLength(piece, offset)
    if (length === null) return
    const bytes = piece.subarray(offset, offset + length)
    yield { bytes, time: timeOf(bytes) }
    offset += length
  }
}

export function firstEntry(piece: Buffer): Entry | null {
  return entriesOf(piece).next().value ?? null
}

export function lastEntry(piece: Buffer): Entry | null {
  let offset = 0
  let last = -1
  for (let length = entryLength(piece, 0); length !== null; length = entryLength(piece, offset)) {
    last = offset
    offset += length
  }
  return last === -1 ? null : firstEntry(piece.subarray(last))
}

/** One line of stdout, without a time if there is none. */
export function encodeEntry(text: string, time: string | null): Buffer {
  const payload = Buffer.from(`${time === null ? '' : `${time} `}${text}\n`)
  const header = Buffer.alloc(ENTRY_HEADER_BYTES)
  header[0] = STDOUT_ENTRY
  header.writeUInt32BE(payload.length, 4)
  return Buffer.concat([header, payload])
}

export function streamOf(entry: Buffer): 'stdout' | 'stderr' {
  return entry[0] === STDERR_ENTRY ? 'stderr' : 'stdout'
}

function timeOf(entry: Buffer): string | null {
  const text = entry.subarray(ENTRY_HEADER_BYTES)
  const length = timestampLength(text)
  return length === 0 ? null : text.toString('latin1', 0, length - 1)
}

/** Seconds since 1970 of an RFC 3339 time, with all its digits: what the engine takes, and more than a Date holds. */
export function exactSeconds(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '0'
  return `${Math.floor(Date.parse(time) / 1000)}.${fraction.padEnd(9, '0').slice(0, 9)}`
}
