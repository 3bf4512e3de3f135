import { concatenate } from './concatenate'
import { countLineEnds, createPlainScanner } from './plain-scanner'

/** A backlog larger than what the kept lines can be expected to take goes to the screen. */
const SPARE_BYTES = 1024 * 1024
const BYTES_PER_LINE = 200
/** For the line that is cut where something was thrown away, and then some. */
const SPARE_LINES = 16
/** The cursor may stand as many rows higher or lower for what was thrown away, what it finds there is a screen, and it may end as high. */
const SPARE_SCREENS = 3
/** Pieces end at a line end and are at least this large. */
const PIECE_BYTES = 32 * 1024

const BEL = 0x07
const LF = 0x0a
const NO_BYTES = new Uint8Array(0)

interface Piece {
  parts: Uint8Array[]
  byteCount: number
  lines: number
  beginsLine: boolean
  hasSequences: boolean
  hasBells: boolean
}

export interface FloodBuffer {
  /** Whether the bytes are held now; otherwise all that was held, and these after it, have gone to the screen. */
  write(bytes: Uint8Array): boolean
  /** Hands on all that is held. */
  flush(): void
  /** Hands on the oldest of what is held: whole lines, as many as there are in so many bytes or little more. */
  release(byteCount: number): void
  /** Bytes held. */
  held(): number
}

interface FloodBufferOptions {
  /** Takes bytes onto the screen, in their order. `plain`: they do nothing that could change the answer of `scrolls`. */
  feed(bytes: Uint8Array, plain: boolean): void
  /** Lines that are kept above the screen, and those of the screen. */
  scrollback(): number
  rows(): number
  /**
   * Whether a line end at the bottom of the screen certainly pushes a line out at the top (no other buffer, no scroll region); null while a
   * possible change of that is on its way to the screen.
   */
  scrolls(): boolean | null
}

/**
 * Holds output back from the screen and throws away what would be scrolled out of it before anybody could look: of a flood of
 * lines only the last ones matter. Parsing all of it would take longer than it takes to come.
 *
 * What is thrown away is plain (see `plain-scanner.ts`), begins and ends at line ends, and is followed by what goes down by more lines
 * than the screen keeps. So nothing that it drew is left. The cursor may stand in another row for it, but plain output only ever brings
 * two such cursors closer, and together at the bottom; what is drawn until then is scrolled out, too, and from then on all is the same.
 * All it leaves behind is the state of colours, which is handed on, with a bell if one rang. Anything else (a cleared screen, another
 * buffer, a question) makes the whole backlog go to the screen at once.
 */
export function createFloodBuffer({ feed, scrollback, rows, scrolls }: FloodBufferOptions): FloodBuffer {
  const scanner = createPlainScanner()
  let pieces: Piece[] = []
  /** What came after the last piece, and is the beginning of the next. */
  let rest: Uint8Array[] = []
  let restBytes = 0
  let restLines = 0
  let restHasSequences = false
  let restHasBells = false
  /** False also if it may begin within a sequence or a character. */
  let restBeginsLine = false
  let heldBytes = 0
  /** In pieces. */
  let heldLines = 0

  function flush(): void {
    for (const { parts, beginsLine } of pieces) for (const part of parts) feed(part, beginsLine)
    pieces = []
    heldLines = 0
    flushRest()
  }

  function flushRest(): void {
    for (const bytes of rest) feed(bytes, restBeginsLine)
    if (restBytes > 0) restBeginsLine = false
    rest = []
    restBytes = restLines = heldBytes = 0
    restHasSequences = restHasBells = false
  }

  function addPiece(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(LF) + 1
    const tail = bytes.subarray(end)
    pieces.push({
      parts: [...rest, bytes.subarray(0, end)],
      byteCount: restBytes + end,
      lines: restLines,
      beginsLine: restBeginsLine,
      hasSequences: restHasSequences,
      hasBells: restHasBells,
    })
    heldLines += restLines
    rest = tail.length > 0 ? [tail] : []
    restBytes = tail.length
    restLines = 0
    // Of these bytes, or of those before them.
    restHasSequences &&= tail.length > 0
    restHasBells &&= tail.length > 0
    restBeginsLine = true
  }

  function dropScrolledAway(needed: number): void {
    let done = 0
    let colours: Uint8Array = NO_BYTES
    let rang = false
    for (const { parts, byteCount, lines, beginsLine, hasSequences, hasBells } of pieces) {
      const scrolling = scrolls()
      if (heldLines - lines < needed || scrolling === null) break
      if (beginsLine && scrolling) {
        if (hasSequences) colours = scanner.coloursAfter(colours, concatenate(parts))
        rang ||= hasBells
      } else {
        feed(colours, true)
        for (const part of parts) feed(part, beginsLine)
        colours = NO_BYTES
      }
      heldBytes -= byteCount
      heldLines -= lines
      done++
    }
    feed(colours, true)
    if (rang) feed(Uint8Array.of(BEL), true)
    if (done > 0) pieces = pieces.slice(done)
  }

  return {
    write(bytes) {
      const { plain, lines, hasSequences, hasBells } = scanner.scan(bytes)
      if (!plain) {
        flush()
        feed(bytes, false)
        restBeginsLine = false
        return false
      }
      heldBytes += bytes.length
      restLines += lines
      restHasSequences ||= hasSequences
      restHasBells ||= hasBells
      if (lines > 0 && restBytes + bytes.length >= PIECE_BYTES) addPiece(bytes)
      else {
        rest.push(bytes)
        restBytes += bytes.length
      }
      const needed = scrollback() + SPARE_SCREENS * rows() + SPARE_LINES
      if (heldLines > needed) dropScrolledAway(needed)
      if (heldBytes <= SPARE_BYTES + needed * BYTES_PER_LINE) return true
      flush()
      return false
    },
    flush,
    release(byteCount) {
      const [piece] = pieces
      if (piece === undefined) return flushRest()
      const { beginsLine } = piece
      const bytes = concatenate(piece.parts)
      const end = bytes.length > 2 * byteCount ? bytes.lastIndexOf(LF, byteCount) + 1 : bytes.length
      if (end === 0 || end === bytes.length) {
        pieces.shift()
        heldBytes -= bytes.length
        heldLines -= piece.lines
        feed(bytes, beginsLine)
        return
      }
      const head = bytes.subarray(0, end)
      // Of the ways up in it nothing is known: rather too many lines are taken to be gone than too few.
      const lines = countLineEnds(head)
      pieces[0] = { ...piece, parts: [bytes.subarray(end)], byteCount: bytes.length - end, lines: piece.lines - lines, beginsLine: true }
      heldBytes -= end
      heldLines -= lines
      feed(head, beginsLine)
    },
    held: () => heldBytes,
  }
}
