import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

export interface LogLine {
  /** ISO 8601 with nanoseconds, by the engine's clock. */
  time: string | null
  stream: 'stdout' | 'stderr'
  text: string
}

const HEADER_BYTES = 8
const STDERR = 2
/** A line without an end is cut here, so that it cannot grow without bound. */
const LONGEST_LINE = 64 * 1024

/** The lines of a container's log in their order, from the engine's stream with headers. */
export async function* readLogLines(source: Readable): AsyncGenerator<LogLine> {
  const assemblers = { stdout: createAssembler('stdout'), stderr: createAssembler('stderr') }
  let pending: Buffer = Buffer.alloc(0)
  let remaining = 0
  let current = assemblers.stdout
  for await (const data of source as AsyncIterable<Buffer>) {
    pending = pending.length === 0 ? data : Buffer.concat([pending, data])
    for (;;) {
      if (remaining === 0) {
        if (pending.length < HEADER_BYTES) break
        current = pending[0] === STDERR ? assemblers.stderr : assemblers.stdout
        remaining = pending.readUInt32BE(4)
        pending = pending.subarray(HEADER_BYTES)
      }
      const part = pending.subarray(0, remaining)
      pending = pending.subarray(part.length)
      remaining -= part.length
      yield* current.take(part)
      if (remaining > 0 || pending.length === 0) break
    }
  }
  yield* assemblers.stdout.end()
  yield* assemblers.stderr.end()
}

function createAssembler(stream: LogLine['stream']) {
  const decoder = new StringDecoder('utf8')
  let unfinished = ''
  return {
    *take(bytes: Buffer): Generator<LogLine> {
      const lines = (unfinished + decoder.write(bytes)).split('\n')
      unfinished = lines.pop() ?? ''
      for (const line of lines) yield toLine(stream, line)
      while (unfinished.length > LONGEST_LINE) {
        yield toLine(stream, unfinished.slice(0, LONGEST_LINE))
        unfinished = unfinished.slice(LONGEST_LINE)
      }
    },
    *end(): Generator<LogLine> {
      if (unfinished !== '') yield toLine(stream, unfinished + decoder.end())
    },
  }
}

/** The engine puts the time and a space before each line. */
function toLine(stream: LogLine['stream'], line: string): LogLine {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line
  const space = text.indexOf(' ')
  const time = space === -1 ? text : text.slice(0, space)
  if (!isTimestamp(time)) return { time: null, stream, text }
  return { time, stream, text: space === -1 ? '' : text.slice(space + 1) }
}

function isTimestamp(text: string): boolean {
  return text.length >= 20 && text[4] === '-' && text[10] === 'T' && !Number.isNaN(Date.parse(text))
}
