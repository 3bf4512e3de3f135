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
const DEL = 0x7f
const BRACKET = 0x5b
/** In UTF-8 the first byte of U+0080 to U+00BF, of which the first half are control characters. */
const CONTROLS_LEAD = 0xc2

/** Final bytes of control sequences that colour, erase in the line, or move in it; and of those that move by lines. */
const WITHIN_LINE = new Set([...'mKCDGX@P'].map((final) => final.charCodeAt(0)))
const BY_LINES = new Set([...'ABEF'].map((final) => final.charCodeAt(0)))
const UPWARDS = new Set([...'AF'].map((final) => final.charCodeAt(0)))
const COLOUR_FINAL = 'm'.charCodeAt(0)
/** What begins a string: OSC, DCS, SOS, PM, APC. */
const STRING_STARTS = new Set([...']PX^_'].map((start) => start.charCodeAt(0)))

/**
 * In text of a byte a character: a control character other than bell, tab, CR and ESC; such a one beyond ASCII, in UTF-8 (the first
 * byte of which is followed by what is no other character of the page of code); a line end without CR; ESC that does not begin a plain
 * control sequence. Matched by the engine many times faster than bytes are gone through.
 */
const NOT_PLAIN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  /[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]|\xc2[^\xa0-\xff]|[^\r]\n|\x1b(?!\[[0-;]*[mKCDGX@PABEF])/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const MOVES_UP = /\x1b\[(\d*)[\d;:]*[AF]/g
/** A sequence that is cut is looked for here; what a longer one leaves is gone through byte by byte. */
const TAIL_BYTES = 64

const ZERO = 0x30
const NINE = 0x39
const SEMICOLON = 0x3b

/**
 * Bytes as text of a character each: ASCII and 0xA0 to 0xFF as in Latin-1, the others as anything that is neither. So both ISO 8859-1
 * and what the web calls by that name will do.
 */
export type BytesToText = (bytes: Uint8Array) => string

type State = 'text' | 'escape' | 'parameters' | 'other-parameters' | 'string'

export interface Scanned {
  plain: boolean
  lines: number
}

export interface PlainScanner {
  /**
   * Whether all of it is plain: text, line ends as a terminal writes them (CR LF), tabs, bells, and control sequences that colour, stay
   * within the line, or move up or down from it. `lines`: how far the cursor surely goes down (from line to line if there were no bottom),
   * which is one for each line end less all ways up. Pieces may be cut anywhere; the rest of what was not plain is not plain.
   */
  scan(bytes: Uint8Array): Scanned
  /** Escape sequences that bring about the colours there are after `before` (such sequences) and plain bytes. */
  coloursAfter(before: Uint8Array, bytes: Uint8Array): Uint8Array
}

function digitsAt(bytes: Uint8Array, from: number): string {
  let digits = ''
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte < ZERO || byte > NINE) break
    digits += byte - ZERO
  }
  return digits
}

/** Where the plain control sequence ends that begins at `index`; 0 when it is none, or is not whole. Most sequences of a flood are such. */
function endOfPlainSequence(bytes: Uint8Array, index: number): number {
  if (bytes[index + 1] !== BRACKET) return 0
  for (let at = index + 2; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte < 0x30 || byte > 0x3b) return byte === COLOUR_FINAL || WITHIN_LINE.has(byte) || BY_LINES.has(byte) ? at : 0
  }
  return 0
}

/** By how many lines a sequence moves up whose first parameter is this; no screen has more. */
function linesUp(parameter: string): number {
  return Math.min(Math.max(Number(parameter), 1), MAX_ROWS)
}

export function countLineEnds(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count++
  return count
}

/** Whether parameters of a sequence that colours begin with none or 0: it takes back what came before it. */
function beginsWithReset(bytes: Uint8Array, from: number): boolean {
  const end = bytes[from] === ZERO ? from + 1 : from
  return bytes[end] === SEMICOLON || bytes[end] === COLOUR_FINAL
}

/** Reads bytes for what they could do to a screen, without drawing any. */
export function createPlainScanner(toText: BytesToText): PlainScanner {
  let state: State = 'text'
  let previous = 0

  /** The state after a byte that is no text, and whether it is plain there. */
  function step(byte: number): { state: State; plain: boolean } {
    if (byte === CANCEL || byte === SUBSTITUTE) return { state: 'text', plain: false }
    if (byte === ESC) return { state: 'escape', plain: state === 'text' }
    switch (state) {
      case 'text':
        return { state: 'text', plain: byte === CR || byte === TAB || byte === BEL || (byte === LF && previous === CR) }
      case 'escape':
        if (byte === BRACKET) return { state: 'parameters', plain: true }
        if (STRING_STARTS.has(byte)) return { state: 'string', plain: false }
        // Intermediates go before the final byte.
        return { state: byte < 0x30 ? 'escape' : 'text', plain: false }
      case 'parameters':
        if (byte >= 0x40) return { state: 'text', plain: WITHIN_LINE.has(byte) }
        return byte >= 0x30 && byte <= 0x3b ? { state, plain: true } : { state: 'other-parameters', plain: false }
      case 'other-parameters':
        return { state: byte >= 0x40 && byte < DEL ? 'text' : state, plain: false }
      case 'string':
        return { state: byte === BEL ? 'text' : state, plain: false }
      default:
        return state satisfies never
    }
  }

  /** How many line ends there are where all is plain, and whole sequences alone; null where that is not so. */
  function countOfPlain(bytes: Uint8Array): number | null {
    const first = bytes[0]
    if (state !== 'text' || first === undefined) return null
    if (first === LF && previous !== CR) return null
    if (previous === CONTROLS_LEAD && first >= 0x80 && first < 0xa0) return null
    const text = toText(bytes)
    if (NOT_PLAIN.test(text)) return null
    let lines = countLineEnds(bytes)
    if (bytes.includes(ESC)) for (const [, parameter = ''] of text.matchAll(MOVES_UP)) lines -= linesUp(parameter)
    return lines
  }

  /** From there to the end, or to where text begins. */
  function scanByByte(bytes: Uint8Array, from: number, untilText: boolean): Scanned & { end: number } {
    let plain = true
    let lines = 0
    let before = previous
    let index = from
    for (; index < bytes.length && !(untilText && state === 'text'); index++) {
      const byte = bytes[index] as number
      if (state === 'text' && byte >= SPACE) {
        if (before === CONTROLS_LEAD && byte >= 0x80 && byte < 0xa0) plain = false
      } else if (state !== 'text' || byte !== CR) {
        const end = state === 'text' && byte === ESC ? endOfPlainSequence(bytes, index) : 0
        if (end > 0) {
          if (UPWARDS.has(bytes[end] as number)) lines -= linesUp(digitsAt(bytes, index + 2))
          index = end
          before = COLOUR_FINAL
          continue
        }
        previous = before
        if (byte === LF) lines++
        const next = step(byte)
        state = next.state
        plain &&= next.plain
      }
      before = byte
    }
    previous = before
    return { plain, lines, end: index }
  }

  /** Up to what may be a cut sequence at the end, and that byte by byte. */
  function scanText(bytes: Uint8Array): Scanned {
    const lastEscape = bytes.lastIndexOf(ESC)
    const end = lastEscape !== -1 && lastEscape >= bytes.length - TAIL_BYTES ? lastEscape : bytes.length
    const whole = end === bytes.length ? bytes : bytes.subarray(0, end)
    const lines = whole.length === 0 ? 0 : countOfPlain(whole)
    if (lines === null) return scanByByte(bytes, 0, false)
    previous = whole.at(-1) ?? previous
    const rest = scanByByte(bytes, end, false)
    return { plain: rest.plain, lines: lines + rest.lines }
  }

  return {
    scan(bytes) {
      if (state === 'text') return scanText(bytes)
      const cut = scanByByte(bytes, 0, true)
      const rest = scanText(bytes.subarray(cut.end))
      return { plain: cut.plain && rest.plain, lines: cut.lines + rest.lines }
    },
    coloursAfter(before, bytes) {
      // From the end, as far as what takes all colours back.
      const found: Uint8Array[] = []
      for (let from = bytes.lastIndexOf(ESC); from !== -1; from = from === 0 ? -1 : bytes.lastIndexOf(ESC, from - 1)) {
        let end = from + 2
        while (end < bytes.length && (bytes[end] as number) < 0x40) end++
        if (bytes[end] !== COLOUR_FINAL) continue
        found.push(bytes.subarray(from, end + 1))
        if (beginsWithReset(bytes, from + 2)) return concatenate(found.reverse())
      }
      return found.length === 0 ? before : concatenate([before, ...found.reverse()])
    },
  }
}
