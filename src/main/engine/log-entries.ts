import type { Readable } from 'node:stream'
import { ENTRY_HEADER_BYTES, entryLength } from '../../shared/log-stream'

/** A longer entry is no log of an engine: it cuts lines at 16 KiB. */
const LONGEST_ENTRY = 4 * 1024 * 1024

/** The engine's stream of a log in pieces that hold whole entries only (`shared/log-stream.ts`). */
export async function* readWholeEntries(source: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const data of source as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? data : Buffer.concat([rest, data])
    const end = endOfWholeEntries(bytes)
    if (end > 0) yield bytes.subarray(0, end)
    rest = bytes.subarray(end)
    if (rest.length > LONGEST_ENTRY + ENTRY_HEADER_BYTES) throw new Error('The engine’s answer is not a log.')
  }
}

function endOfWholeEntries(bytes: Buffer): number {
  let offset = 0
  for (;;) {
    const length = entryLength(bytes, offset)
    if (length === null) return offset
    offset += length
  }
}
