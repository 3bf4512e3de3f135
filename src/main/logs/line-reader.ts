import { encodeEntry } from './entries'

/** More than this of the last lines is not kept back, however few they are. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024
/** A line without an end is cut here. */
const LONGEST_LINE = 64 * 1024
const NEWLINE = 0x0a

/** `time="2026-01-01T…"` of the nested engine, or a time at the beginning. */
const TIME = /^(?:time="?)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))/

export interface LineReader {
  /** Takes bytes of a file and gives entries, in one piece; nothing while only the last lines are wanted and more may come. */
  take(bytes: Buffer): Generator<Buffer>
  /** Everything that existed when reading began has been read: releases what was held back. From then on lines are passed on at once. */
  endOfWhatIsThere(options: { flush: boolean }): Generator<Buffer>
}

/** Turns a file into log entries. For `since` and `until`, a line without a time has the time of the line before it. */
export function createLineReader(options: {
  tail: number | 'all'
  since?: Date | string | undefined
  until?: Date | string | undefined
}): LineReader {
  const since = milliseconds(options.since, Number.NEGATIVE_INFINITY)
  const until = milliseconds(options.until, Number.POSITIVE_INFINITY)
  let most = options.tail === 'all' ? Number.POSITIVE_INFINITY : options.tail
  let unfinished: Buffer = Buffer.alloc(0)
  let lastTime: number | null = null
  let kept: Buffer[] = []
  let keptBytes = 0

  function entryOf(line: Buffer): Buffer | null {
    const text = line.toString('utf8', 0, line.at(-1) === 0x0d ? line.length - 1 : line.length)
    const time = TIME.exec(text)?.[1] ?? null
    lastTime = time === null ? lastTime : Date.parse(time)
    const inRange = lastTime === null || (lastTime >= since && lastTime <= until)
    if (!inRange) return null
    return encodeEntry(time !== null && text.startsWith(`${time} `) ? text.slice(time.length + 1) : text, time)
  }

  function* give(lines: Buffer[]): Generator<Buffer> {
    const entries = lines.map(entryOf).filter((entry) => entry !== null)
    if (most === Number.POSITIVE_INFINITY) {
      if (entries.length > 0) yield Buffer.concat(entries)
      return
    }
    for (const entry of entries) {
      kept.push(entry)
      keptBytes += entry.length
    }
    let surplus = 0
    while (kept.length - surplus > most || keptBytes > MOST_KEPT_BYTES) keptBytes -= kept[surplus++]?.length ?? 0
    if (surplus > 0) kept = kept.slice(surplus)
  }

  return {
    *take(bytes) {
      const all = unfinished.length === 0 ? bytes : Buffer.concat([unfinished, bytes])
      const lines: Buffer[] = []
      let start = 0
      for (let end = all.indexOf(NEWLINE); end !== -1; end = all.indexOf(NEWLINE, start)) {
        lines.push(all.subarray(start, end))
        start = end + 1
      }
      while (all.length - start > LONGEST_LINE) {
        lines.push(all.subarray(start, start + LONGEST_LINE))
        start += LONGEST_LINE
      }
      unfinished = all.subarray(start)
      if (lines.length > 0) yield* give(lines)
    },
    *endOfWhatIsThere({ flush }) {
      if (flush && unfinished.length > 0) {
        yield* give([unfinished])
        unfinished = Buffer.alloc(0)
      }
      if (kept.length > 0) yield Buffer.concat(kept)
      kept = []
      most = Number.POSITIVE_INFINITY
    },
  }
}

function milliseconds(time: Date | string | undefined, otherwise: number): number {
  if (time === undefined) return otherwise
  return typeof time === 'string' ? Number(time) * 1000 : time.getTime()
}
