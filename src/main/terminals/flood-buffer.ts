import { createPlainScanner } from './plain-scanner'

/** A backlog larger than what the kept lines can be expected to take goes to the screen. */
const SPARE_BYTES = 1024 * 1024
const BYTES_PER_LINE = 200
/** For the line that is cut where something was thrown away, and then some. */
const SPARE_LINES = 16
/** Pieces end at a line's end and are no smaller than this. */
const PIECE_BYTES = 32 * 1024

const LF = 0x0a
const NO_BYTES = new Uint8Array(0)

interface Piece {
  bytes: Uint8Array
  lines: number
  beginsLine: boolean
}

export interface FloodBuffer {
  write(bytes: Uint8Array): void
  /** Hands on all that is held. */
  flush(): void
  /** Bytes held. */
  held(): number
}

interface FloodBufferOptions {
  /** Takes bytes onto the screen, in their order. `plain`: they do nothing that could change the answer of `scrolls`. */
  feed(bytes: Uint8Array, plain: boolean): void
  /** Lines that the screen keeps, with those that are scrolled away. */
  keptLines(): number
  /** Whether a line end at the bottom of the screen surely pushes a line out at the top: no other buffer, no scroll region. */
  scrolls(): boolean
}

/**
 * Holds output back from the screen and throws away what would be scrolled out of it before anybody could look: of a flood of
 * lines only the last ones matter. Parsing all of it beside the window that shows it would halve the speed of the terminal.
 *
 * What is thrown away is plain (see `plain-scanner.ts`), begins and ends at line ends, and is followed by more line ends than the
 * screen keeps lines. So nothing that it drew is left, the cursor is where it would be, and all it leaves behind is the state of
 * colours, which is handed on. Anything else (a cursor that moves up, another buffer, a question) makes the whole backlog go to
 * the screen at once.
 */
export function createFloodBuffer({ feed, keptLines, scrolls }: FloodBufferOptions): FloodBuffer {
  const scanner = createPlainScanner()
  let pieces: Piece[] = []
  /** What came after the last piece, and is the beginning of the next. */
  let rest: Uint8Array[] = []
  let restBytes = 0
  let restLines = 0
  /** False also where it may begin within a sequence or a character. */
  let restBeginsLine = false
  let heldBytes = 0
  /** In pieces. */
  let heldLines = 0

  function flush(): void {
    for (const { bytes, beginsLine } of pieces) feed(bytes, beginsLine)
    for (const bytes of rest) feed(bytes, restBeginsLine)
    if (restBytes > 0) restBeginsLine = false
    pieces = []
    rest = []
    restBytes = restLines = heldBytes = heldLines = 0
  }

  function addPiece(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(LF) + 1
    const parts = [...rest, bytes.subarray(0, end)]
    pieces.push({ bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts), lines: restLines, beginsLine: restBeginsLine })
    heldLines += restLines
    rest = end < bytes.length ? [bytes.subarray(end)] : []
    restBytes = bytes.length - end
    restLines = 0
    restBeginsLine = true
  }

  function dropScrolledAway(): void {
    const needed = keptLines() + SPARE_LINES
    let done = 0
    let colours: Uint8Array = NO_BYTES
    for (const { bytes, lines, beginsLine } of pieces) {
      if (heldLines - lines < needed) break
      if (beginsLine && scrolls()) colours = scanner.coloursAfter(colours, bytes)
      else {
        feed(colours, true)
        feed(bytes, beginsLine)
        colours = NO_BYTES
      }
      heldBytes -= bytes.length
      heldLines -= lines
      done++
    }
    feed(colours, true)
    if (done > 0) pieces = pieces.slice(done)
  }

  return {
    write(bytes) {
      const { plain, lines } = scanner.scan(bytes)
      if (!plain) {
        flush()
        feed(bytes, false)
        restBeginsLine = false
        return
      }
      heldBytes += bytes.length
      restLines += lines
      if (lines > 0 && restBytes + bytes.length >= PIECE_BYTES) addPiece(bytes)
      else {
        rest.push(bytes)
        restBytes += bytes.length
      }
      if (heldLines > keptLines()) dropScrolledAway()
      if (heldBytes > SPARE_BYTES + keptLines() * BYTES_PER_LINE) flush()
    },
    flush,
    held: () => heldBytes,
  }
}
