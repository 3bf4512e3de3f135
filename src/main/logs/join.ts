import { type Entry, entriesOf, lastEntry } from './entries'

/** Lines of two streams can be in the log in a different order than their times, by about this much. */
const DISORDER_MILLISECONDS = 10

export type Joined = { kind: 'lines'; bytes: Buffer } | { kind: 'gap' }

/**
 * What comes after the entry that was read last, from a log that is read again from that entry's time on. When that entry is not there
 * any more, the log was cut meanwhile: a gap, and then all there is.
 */
export async function* after(last: Entry, log: AsyncIterable<Buffer>): AsyncGenerator<Joined> {
  const limit = last.time === null ? Number.POSITIVE_INFINITY : Date.parse(last.time) + DISORDER_MILLISECONDS
  let held: Buffer[] = []
  let joined = false
  for await (const piece of log) {
    if (joined) {
      yield { kind: 'lines', bytes: piece }
      continue
    }
    let offset = 0
    for (const { bytes, time } of entriesOf(piece)) {
      if (bytes.equals(last.bytes)) {
        joined = true
        held = []
        offset += bytes.length
        break
      }
      if (time !== null && Date.parse(time) > limit) {
        joined = true
        yield { kind: 'gap' }
        break
      }
      held.push(bytes)
      offset += bytes.length
    }
    if (!joined) continue
    const rest = Buffer.concat([...held, piece.subarray(offset)])
    held = []
    if (rest.length > 0) yield { kind: 'lines', bytes: rest }
  }
  if (!joined && held.length > 0) {
    yield { kind: 'gap' }
    yield { kind: 'lines', bytes: Buffer.concat(held) }
  }
}

/**
 * What comes before the entry at which another reading of the same log began, and whether that entry was met. If it was not, lines
 * between the two are missing, and none is given that the other reading has too.
 */
export async function* before(first: Entry, log: AsyncIterable<Buffer>): AsyncGenerator<{ bytes: Buffer } | { joined: boolean }> {
  const begin = first.time === null ? Number.POSITIVE_INFINITY : Date.parse(first.time)
  // Not older than the first entry of the other reading: before it in the log, or after it in a log that was cut.
  const doubtful: Buffer[] = []
  for await (const piece of log) {
    const at = piece.indexOf(first.bytes)
    if (at !== -1) {
      const bytes = Buffer.concat([...doubtful, piece.subarray(0, at)])
      if (bytes.length > 0) yield { bytes }
      yield { joined: true }
      return
    }
    const older = doubtful.length > 0 ? 0 : lengthBefore(begin, piece)
    if (older > 0) yield { bytes: piece.subarray(0, older) }
    if (older < piece.length) doubtful.push(piece.subarray(older))
    if (timeAtEnd(piece) > begin + DISORDER_MILLISECONDS) break
  }
  yield { joined: false }
}

/** Bytes of the entries up to the first one that is not older. */
function lengthBefore(begin: number, piece: Buffer): number {
  if (timeAtEnd(piece) + DISORDER_MILLISECONDS < begin) return piece.length
  let length = 0
  for (const { bytes, time } of entriesOf(piece)) {
    if (time !== null && Date.parse(time) >= begin) break
    length += bytes.length
  }
  return length
}

function timeAtEnd(piece: Buffer): number {
  const time = lastEntry(piece)?.time ?? null
  return time === null ? Number.NEGATIVE_INFINITY : Date.parse(time)
}
