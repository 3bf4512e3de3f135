import { ENTRY_HEADER_BYTES, entryLength, STDERR_ENTRY, timestampLength } from '../../../../shared/log-stream'
import { detectLevel } from './detect-level'
import { GAP_FLAG, levelNumberOf, STDERR_FLAG } from './line-flags'
import { addLine, close, createChunk, hasRoom, type LogChunk } from './log-chunk'
import { createTimeParser } from './parse-time'

/** A line longer than this is cut: one of a hundred megabytes must not take the window down. */
const MAX_LINE_BYTES = 20_000
const NEWLINE = 0x0a

/** Lines that follow on each other: the history, or the live ones. */
export interface LogSegment {
  chunks: LogChunk[]
  count: number
  /** Bytes held, all in all. */
  bytes: number
  /** Bytes of the longest line, without its end. */
  longest: number
  /** Takes entries (`shared/log-stream.ts`). */
  append(entries: Uint8Array): void
  /** A line that says that lines are missing there. */
  appendGap(text: string): void
}

/** `fromNumber` is the number of its first line. */
export function createSegment(fromNumber: number): LogSegment {
  const parseTime = createTimeParser()
  const unfinished = new Map<number, { text: Uint8Array<ArrayBuffer>; time: number }>()
  let lastFlags = 0

  const segment: LogSegment = {
    chunks: [],
    count: 0,
    bytes: 0,
    longest: 0,
    append(entries) {
      let offset = 0
      for (let length = entryLength(entries, 0); length !== null; length = entryLength(entries, offset)) {
        takeEntry(entries, offset, offset + length)
        offset += length
      }
    },
    appendGap(text) {
      add(new TextEncoder().encode(text), Number.NaN, GAP_FLAG)
    },
  }

  function takeEntry(entries: Uint8Array, from: number, to: number): void {
    const stream = entries[from] ?? 0
    const stamp = timestampLength(entries.subarray(from + ENTRY_HEADER_BYTES, Math.min(to, from + ENTRY_HEADER_BYTES + 41)))
    let start = from + ENTRY_HEADER_BYTES + stamp
    const time = stamp === 0 ? Number.NaN : parseTime(entries, from + ENTRY_HEADER_BYTES, start - 1)
    if (start === to) return
    while (start < to) {
      const newline = entries.indexOf(NEWLINE, start)
      const isWhole = newline !== -1 && newline < to
      const end = isWhole ? newline : to
      takePart(stream, entries.subarray(start, end), time, isWhole)
      start = end + 1
    }
  }

  /** An engine cuts long lines into entries; they are one line again. */
  function takePart(stream: number, part: Uint8Array, time: number, isWhole: boolean): void {
    const before = unfinished.get(stream)
    if (before === undefined && isWhole) return add(part, time, stream === STDERR_ENTRY ? STDERR_FLAG : 0)
    const kept = before?.text ?? new Uint8Array()
    const text = new Uint8Array(Math.min(kept.length + part.length, MAX_LINE_BYTES + 1))
    text.set(kept)
    text.set(part.subarray(0, text.length - kept.length), kept.length)
    const begun = { text, time: before?.time ?? time }
    if (!isWhole) {
      unfinished.set(stream, begun)
      return
    }
    unfinished.delete(stream)
    add(text, begun.time, stream === STDERR_ENTRY ? STDERR_FLAG : 0)
  }

  function add(text: Uint8Array, time: number, flags: number): void {
    const isCut = text.length > MAX_LINE_BYTES
    let length = isCut ? MAX_LINE_BYTES : text.length
    if (text[length - 1] === 0x0d) length--
    const bytes = length + (isCut ? 3 : 0)
    let chunk = segment.chunks.at(-1)
    if (chunk === undefined || !hasRoom(chunk, bytes + 1)) {
      if (chunk !== undefined) closeLast(chunk)
      chunk = createChunk(fromNumber + segment.count)
      segment.chunks.push(chunk)
    }
    const at = chunk.textLength
    chunk.text.set(length === text.length ? text : text.subarray(0, length), at)
    // An ellipsis.
    if (isCut) chunk.text.set([0xe2, 0x80, 0xa6], at + length)
    chunk.text[at + bytes] = NEWLINE
    const level = flags & GAP_FLAG ? 0 : levelOfLine(chunk.text, at, at + bytes)
    chunk.hasControls ||= hasControls(chunk.text, at, at + bytes)
    addLine(chunk, bytes + 1, time, flags | level)
    lastFlags = level
    segment.count++
    segment.bytes += bytes + 14
    if (bytes > segment.longest) segment.longest = bytes
  }

  /** What is indented (a stack trace) belongs to the line before. */
  function levelOfLine(text: Uint8Array, start: number, end: number): number {
    const first = text[start] ?? 0
    if (first === 0x20 || first === 0x09) return levelNumberOf(lastFlags)
    return detectLevel(text, start, end)
  }

  function closeLast(chunk: LogChunk): void {
    close(chunk)
  }

  return segment
}

function hasControls(text: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const byte = text[index] ?? 0
    if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f || byte === 0xc2) return true
  }
  return false
}
