import { MAX_ROWS } from '../contract/terminals'
import { concatenate } from './concatenate'

const BEL = 0x07
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const CANCEL = 0x18
const SUBSTITUTE = 0x1a
const ESC = 0x1b
const SPACE = 0x20
const ZERO = 0x30
const NINE = 0x39
const SEMICOLON = 0x3b
const FIRST_FINAL = 0x40
const BRACKET = 0x5b
const DEL = 0x7f
/** In UTF-8 the first byte of U+0080 to U+00BF, of which the first half are control characters. */
const CONTROLS_LEAD = 0xc2

const COLOUR_FINAL = code('m')
/** What begins a string: OSC, DCS, SOS, PM, APC. */
const STRING_STARTS = new Set([...']PX^_'].map(code))

/** What a byte is in text: nothing else, a line end, the beginning of a sequence or of a control character, a bell, or not plain. */
const TEXT = 0
const LINE_END = 1
const SEQUENCE = 2
const LEAD = 3
const BELL = 4
const OTHER = 5
const KINDS = table(TEXT, [
  [Array.from({ length: SPACE }, (_, byte) => byte), OTHER],
  [[TAB, CR], TEXT],
  [[BEL], BELL],
  [[LF], LINE_END],
  [[ESC], SEQUENCE],
  [[CONTROLS_LEAD], LEAD],
])

/** Final bytes of plain control sequences: what colours, erases in the line, moves in it or down; and what moves up. */
const STAYS = 1
const MOVES_UP = 2
const FINALS = table(0, [
  [[...'mKCDGX@PBE'].map(code), STAYS],
  [[...'AF'].map(code), MOVES_UP],
])

type State = 'text' | 'escape' | 'parameters' | 'other-parameters' | 'string'

export interface Scanned {
  plain: boolean
  lines: number
  hasSequences: boolean
  hasBells: boolean
}

export interface PlainScanner {
  /**
   * Whether the piece is plain: text, line ends as a terminal writes them (CR LF), tabs, bells, and control sequences that colour, stay
   * within the line, or move up or down from it. `lines`: how far the cursor certainly goes down (from line to line, as if there were no
   * bottom): one for each line end minus all moves up. Pieces can be cut anywhere; the rest of something that was not plain is not plain
   * either.
   */
  scan(bytes: Uint8Array): Scanned
  /** Escape sequences that bring about the colours there are after `before` (such sequences) and plain bytes. */
  coloursAfter(before: Uint8Array, bytes: Uint8Array): Uint8Array
}

/** Reads bytes for what they could do to a screen, without drawing any. */
export function createPlainScanner(): PlainScanner {
  let state: State = 'text'
  let previous = 0
  /** The first parameter of the current sequence, and whether it may continue. */
  let parameter = 0
  let isFirst = true

  /** Goes on with a sequence by a byte, where it is not plain or not in one piece. Returns whether it is plain so far. */
  function step(byte: number): boolean {
    if (byte === CANCEL || byte === SUBSTITUTE) return enter('text', false)
    if (byte === ESC) return enter('escape', false)
    switch (state) {
      case 'text':
        return enter('text', true)
      case 'escape':
        parameter = 0
        isFirst = true
        if (byte === BRACKET) return enter('parameters', true)
        if (STRING_STARTS.has(byte)) return enter('string', false)
        // Intermediates go before the final byte.
        return enter(byte < ZERO ? 'escape' : 'text', false)
      case 'parameters':
        if (isParameter(byte)) {
          if (byte > NINE) isFirst = false
          else if (isFirst) parameter = Math.min(parameter * 10 + byte - ZERO, MAX_ROWS)
          return true
        }
        return byte >= FIRST_FINAL ? enter('text', FINALS[byte] !== 0) : enter('other-parameters', false)
      case 'other-parameters':
        return enter(byte >= FIRST_FINAL && byte < DEL ? 'text' : state, false)
      case 'string':
        return enter(byte === BEL ? 'text' : state, false)
      default:
        return state satisfies never
    }
  }

  function enter(next: State, plain: boolean): boolean {
    state = next
    return plain
  }

  return {
    scan(bytes) {
      const { length } = bytes
      let plain = true
      let lines = 0
      let hasSequences = state !== 'text'
      let hasBells = false
      if (previous === CONTROLS_LEAD && isControlTrail(bytes[0])) plain = false
      for (let index = 0; ; index++) {
        // Most of it is text, gone through as fast as can be.
        if (state === 'text') while (index < length && KINDS[bytes[index] as number] === TEXT) index++
        if (index >= length) break
        const byte = bytes[index] as number
        if (state !== 'text') {
          const before = state
          if (!step(byte)) plain = false
          else if (before === 'parameters' && FINALS[byte] === MOVES_UP) lines -= Math.max(parameter, 1)
          continue
        }
        const kind = KINDS[byte]
        if (kind === LINE_END) {
          lines++
          if ((index > 0 ? bytes[index - 1] : previous) !== CR) plain = false
        } else if (kind === BELL) hasBells = true
        else if (kind === SEQUENCE) {
          hasSequences = true
          const end = endOfPlainSequence(bytes, index)
          if (end === 0) state = 'escape'
          else {
            if (FINALS[bytes[end] as number] === MOVES_UP) lines -= linesUp(bytes, index + 2)
            index = end
          }
        } else if (kind !== LEAD || isControlTrail(bytes[index + 1])) plain = false
      }
      previous = bytes[length - 1] ?? previous
      return { plain, lines, hasSequences, hasBells }
    },
    coloursAfter(before, bytes) {
      // From the end, as far as what takes all colours back.
      const found: Uint8Array[] = []
      for (let from = bytes.lastIndexOf(ESC); from !== -1; from = from === 0 ? -1 : bytes.lastIndexOf(ESC, from - 1)) {
        let end = from + 2
        while (end < bytes.length && (bytes[end] as number) < FIRST_FINAL) end++
        if (bytes[end] !== COLOUR_FINAL) continue
        found.push(bytes.subarray(from, end + 1))
        if (beginsWithReset(bytes, from + 2)) return concatenate(found.reverse())
      }
      return found.length === 0 ? before : concatenate([before, ...found.reverse()])
    },
  }
}

export function countLineEnds(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count++
  return count
}

function code(character: string): number {
  return character.charCodeAt(0)
}

function table(rest: number, entries: [bytes: number[], value: number][]): Uint8Array {
  const values = new Uint8Array(256).fill(rest)
  for (const [bytes, value] of entries) for (const byte of bytes) values[byte] = value
  return values
}

function isControlTrail(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xa0
}

/** Where the plain control sequence ends that begins at `index`; 0 when it is none, or is not whole. */
function endOfPlainSequence(bytes: Uint8Array, index: number): number {
  if (bytes[index + 1] !== BRACKET) return 0
  let end = index + 2
  while (isParameter(bytes[end])) end++
  return FINALS[bytes[end] ?? 0] === 0 ? 0 : end
}

function isParameter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= SEMICOLON
}

/** By how many lines the sequence moves up whose parameters begin there; no screen has more. */
function linesUp(bytes: Uint8Array, from: number): number {
  let count = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte < ZERO || byte > NINE) break
    count = Math.min(count * 10 + byte - ZERO, MAX_ROWS)
  }
  return Math.max(count, 1)
}

/** Whether the parameters of a colour sequence begin with none or 0, which reverts what came before. */
function beginsWithReset(bytes: Uint8Array, from: number): boolean {
  const end = bytes[from] === ZERO ? from + 1 : from
  return bytes[end] === SEMICOLON || bytes[end] === COLOUR_FINAL
}
