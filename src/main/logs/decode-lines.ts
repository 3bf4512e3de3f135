import { StringDecoder } from 'node:string_decoder'
import type { LogEntry } from '../../shared/contract/workspaces'
import { ENTRY_HEADER_BYTES, timestampLength } from '../../shared/log-stream'
import { entriesOf, streamOf } from './entries'

/** A line without an end is cut here, so that it cannot grow without bound. */
const LONGEST_LINE = 64 * 1024

/** Entries as lines. What an engine cut into several entries is one line again, up to a bound. */
export async function* decodeLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<LogEntry[]> {
  const streams = { stdout: createAssembler('stdout'), stderr: createAssembler('stderr') }
  for await (const piece of pieces) {
    const lines: LogEntry[] = []
    for (const { bytes, time } of entriesOf(piece)) streams[streamOf(bytes)].take(bytes.subarray(ENTRY_HEADER_BYTES), time, lines)
    if (lines.length > 0) yield lines
  }
  const rest: LogEntry[] = []
  streams.stdout.end(rest)
  streams.stderr.end(rest)
  if (rest.length > 0) yield rest
}

function createAssembler(stream: LogEntry['stream']) {
  const decoder = new StringDecoder('utf8')
  let unfinished: LogEntry | null = null
  const finish = (line: LogEntry, lines: LogEntry[]) => {
    lines.push(line.text.endsWith('\r') ? { ...line, text: line.text.slice(0, -1) } : line)
    unfinished = null
  }
  return {
    take(payload: Buffer, time: string | null, lines: LogEntry[]): void {
      const text = decoder.write(payload.subarray(timestampLength(payload)))
      // Several lines in one entry do not come from an engine's own log drivers, but can come from others.
      const parts = text.split('\n')
      for (const [index, part] of parts.entries()) {
        const line: LogEntry = unfinished === null ? { time, stream, text: part } : { ...unfinished, text: unfinished.text + part }
        const isLast = index === parts.length - 1
        if (!isLast) finish(line, lines)
        else unfinished = part === '' && unfinished === null ? null : line
        while (unfinished !== null && (unfinished as LogEntry).text.length > LONGEST_LINE) {
          const long: LogEntry = unfinished
          lines.push({ ...long, text: long.text.slice(0, LONGEST_LINE) })
          unfinished = { ...long, text: long.text.slice(LONGEST_LINE) }
        }
      }
    },
    end(lines: LogEntry[]): void {
      if (unfinished !== null) finish(unfinished, lines)
    },
  }
}
