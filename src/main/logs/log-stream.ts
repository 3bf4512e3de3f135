import { type Entry, exactSeconds, firstEntry, lastEntry } from './entries'
import { gather } from './gather'
import { after, before, type Joined } from './join'
import type { LogSource, ReadOptions } from './log-source'
import type { LogWriter } from './log-writer'

/** Lines that are sent before the history: a few screens. */
export const FIRST_LINES = 500
/**
 * A reader that takes nothing for this long must not block the engine, whose log may be rotated in the meantime: it is read again from
 * there.
 */
const STALL_MILLISECONDS = 5000
const BATCH = { milliseconds: 8, bytes: 64 * 1024 }

export interface LogStreamOptions extends Omit<ReadOptions, 'signal' | 'tail'> {
  tail: number
  newestFirst: boolean
  stallMilliseconds?: number | undefined
}

/**
 * Sends a log to its reader, no faster than that takes it: memory stays flat whatever the reader does. Resolves when all is sent or
 * the reader has gone; throws what the source throws.
 */
export async function streamLog(source: LogSource, options: LogStreamOptions, writer: LogWriter): Promise<void> {
  const { tail, newestFirst, follow, since, until } = options
  const range = { since, until }
  const split = newestFirst && source.seekable && tail > FIRST_LINES
  let history: Promise<void> | null = null
  const failed = new AbortController()
  const signal = AbortSignal.any([writer.gone, failed.signal])
  const onFirst = (first: Entry) => {
    if (!split) return
    history = sendHistory(source, first, { tail, ...range, signal }, writer)
    // Told by the await below; a failure must not leave the live lines going on alone.
    history.catch(() => failed.abort())
  }
  await sendLive(source, { follow, tail: split ? FIRST_LINES : tail, ...range, signal }, options, writer, onFirst)
  await history
}

async function sendLive(
  source: LogSource,
  options: ReadOptions,
  { stallMilliseconds = STALL_MILLISECONDS }: LogStreamOptions,
  writer: LogWriter,
  onFirst: (entry: Entry) => void,
): Promise<void> {
  let lastPiece: Buffer | null = null
  for (;;) {
    const outcome = await sendUntilStalled()
    if (outcome === 'ended' || !(await writer.ready())) return
  }

  async function sendUntilStalled(): Promise<'ended' | 'stalled'> {
    const stopped = new AbortController()
    const signal = AbortSignal.any([options.signal, stopped.signal])
    try {
      for await (const joined of continued({ ...options, signal })) {
        // What is at hand is not kept: it is read again.
        if (!(await writer.ready(source.seekable ? stallMilliseconds : undefined))) return 'stalled'
        writer.send(joined.kind === 'gap' ? joined : { kind: 'live', bytes: joined.bytes })
        if (joined.kind === 'gap') continue
        if (lastPiece === null) {
          const first = firstEntry(joined.bytes)
          if (first) onFirst(first)
        }
        lastPiece = joined.bytes
      }
      return 'ended'
    } finally {
      stopped.abort()
    }
  }

  /** From the beginning or, after a stall, from the last entry that was sent. */
  function continued(read: ReadOptions): AsyncIterable<Joined> {
    const last = lastPiece && lastEntry(lastPiece)
    if (!last) return asLines(gather(source.read(read), BATCH))
    const since = last.time === null ? read.since : exactSeconds(last.time)
    return after(last, gather(source.read({ ...read, tail: 'all', since }), BATCH))
  }
}

async function sendHistory(source: LogSource, first: Entry, options: Omit<ReadOptions, 'follow'>, writer: LogWriter): Promise<void> {
  // A little later than the first live entry, which is to be met.
  const until = first.time === null ? options.until : new Date(Date.parse(first.time) + 1000)
  for await (const part of before(first, gather(source.read({ ...options, until, follow: false }), BATCH))) {
    if (!(await writer.ready())) return
    writer.send('joined' in part ? { kind: 'history-end', joined: part.joined } : { kind: 'history', bytes: part.bytes })
  }
}

async function* asLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Joined> {
  for await (const bytes of pieces) yield { kind: 'lines', bytes }
}
