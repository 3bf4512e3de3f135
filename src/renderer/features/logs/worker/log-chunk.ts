/** So much text goes into one chunk; it is searched, dropped and handed on as one. */
export const CHUNK_BYTES = 512 * 1024
const FIRST_LINES = 1024

/** Lines side by side: a few bytes beside the text for each, and no object. */
export interface LogChunk {
  /** Number of its first line. */
  firstNumber: number
  count: number
  /** UTF-8; each line ends with a line feed, and has its escape sequences. */
  text: Uint8Array<ArrayBuffer>
  textLength: number
  /** Where each line begins. */
  offsets: Uint32Array
  /** Milliseconds since 1970; NaN where it is not known. */
  times: Float64Array
  flags: Uint8Array
  /** Some line has control characters. */
  hasControls: boolean
}

export function createChunk(firstNumber: number): LogChunk {
  return {
    firstNumber,
    count: 0,
    text: new Uint8Array(CHUNK_BYTES),
    textLength: 0,
    offsets: new Uint32Array(FIRST_LINES),
    times: new Float64Array(FIRST_LINES),
    flags: new Uint8Array(FIRST_LINES),
    hasControls: false,
  }
}

export function hasRoom(chunk: LogChunk, bytes: number): boolean {
  return chunk.textLength + bytes + 1 <= chunk.text.length
}

/** The caller has seen to it that there is room, and has written the text and its line feed at `textLength`. */
export function addLine(chunk: LogChunk, textBytes: number, time: number, flags: number): void {
  const { count } = chunk
  if (count === chunk.offsets.length) resize(chunk, count * 2)
  chunk.offsets[count] = chunk.textLength
  chunk.times[count] = time
  chunk.flags[count] = flags
  chunk.textLength += textBytes
  chunk.count++
}

/** No line will be added: gives back what it has too much. */
export function close(chunk: LogChunk): void {
  if (chunk.textLength < chunk.text.length) chunk.text = chunk.text.slice(0, chunk.textLength)
  resize(chunk, chunk.count)
}

function resize(chunk: LogChunk, lines: number): void {
  const offsets = new Uint32Array(lines)
  const times = new Float64Array(lines)
  const flags = new Uint8Array(lines)
  offsets.set(chunk.offsets.subarray(0, chunk.count))
  times.set(chunk.times.subarray(0, chunk.count))
  flags.set(chunk.flags.subarray(0, chunk.count))
  Object.assign(chunk, { offsets, times, flags })
}

/** Where the text of a line ends, without its line feed. */
export function lineEnd(chunk: LogChunk, index: number): number {
  return (index + 1 < chunk.count ? (chunk.offsets[index + 1] ?? 0) : chunk.textLength) - 1
}

const decoder = new TextDecoder()

/** With its escape sequences. */
export function lineText(chunk: LogChunk, index: number): string {
  return decoder.decode(chunk.text.subarray(chunk.offsets[index], lineEnd(chunk, index)))
}
