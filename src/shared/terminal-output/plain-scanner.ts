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

/** Final bytes of control sequences that colour, erase in the line, or move in it. */
const WITHIN_LINE = new Set([...'mKCDGX@P'].map((final) => final.charCodeAt(0)))
const COLOUR_FINAL = 'm'.charCodeAt(0)
/** What begins a string: OSC, DCS, SOS, PM, APC. */
const STRING_STARTS = new Set([...']PX^_'].map((start) => start.charCodeAt(0)))

/**
 * In text of a byte a character: a control character other than bell, tab, CR and ESC; such a one beyond ASCII, in UTF-8 (the first
 * byte of which is followed by what is no other character of the page of code); a line end without CR; ESC that does not begin a control
 * sequence within the line. Matched by the engine many times faster than bytes are gone through.
 */
const NOT_PLAIN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  /[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]|\xc2[^\xa0-\xff]|[^\r]\n|\x1b(?!\[[0-;]*[mKCDGX@P])/
/** A sequence that is cut is looked for here; what a longer one leaves is gone through byte by byte. */
const TAIL_BYTES = 64

const ZERO = 0x30
const SEMICOLON = 0x3b

/**
 * Bytes as text of a character each: ASCII and 0xA0 to 0xFF as in Latin-1, the others as anything that is neither. So both ISO 8859-1
 * and what the web calls by that name will do.
 */
export type BytesToText = (bytes: Uint8Array) => string

type State = 'text' | 'escape' | 'parameters' | 'other-parameters' | 'string'

export interface PlainScanner {
  /**
   * Whether all of it is plain: text, line ends as a terminal writes them (CR LF), tabs, bells, and control sequences that stay
   * within the line; and how many line ends. Pieces may be cut anywhere; the rest of what was not plain is not plain.
   */
  scan(bytes: Uint8Array): { plain: boolean; lines: number }
  /** Escape sequences that bring about the colours there are after `before` (such sequences) and plain bytes. */
  coloursAfter(before: Uint8Array, bytes: Uint8Array): Uint8Array
}

/** Where the plain control sequence ends that begins at `index`; 0 when it is none, or is not whole. Most sequences of a flood are such. */
function endOfPlainSequence(bytes: Uint8Array, index: number): number {
  if (bytes[index + 1] !== BRACKET) return 0
  for (let at = index + 2; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte < 0x30 || byte > 0x3b) return byte === COLOUR_FINAL || WITHIN_LINE.has(byte) ? at : 0
  }
  return 0
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
    if (NOT_PLAIN.test(toText(bytes))) return null
    let lines = 0
    for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) lines++
    return lines
  }

  function scanByByte(bytes: Uint8Array): { plain: boolean; lines: number } {
    let plain = true
    let lines = 0
    let before = previous
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      if (state === 'text' && byte >= SPACE) {
        if (before === CONTROLS_LEAD && byte >= 0x80 && byte < 0xa0) plain = false
      } else if (state !== 'text' || byte !== CR) {
        const end = state === 'text' && byte === ESC ? endOfPlainSequence(bytes, index) : 0
        if (end > 0) {
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
    return { plain, lines }
  }

  return {
    scan(bytes) {
      // Without what may be a cut sequence at the end.
      const lastEscape = bytes.lastIndexOf(ESC)
      const end = lastEscape !== -1 && lastEscape >= bytes.length - TAIL_BYTES ? lastEscape : bytes.length
      const whole = end === bytes.length ? bytes : bytes.subarray(0, end)
      const count = countOfPlain(whole)
      if (count === null) return scanByByte(bytes)
      previous = whole.at(-1) ?? previous
      if (end === bytes.length) return { plain: true, lines: count }
      const rest = scanByByte(bytes.subarray(end))
      return { plain: rest.plain, lines: count + rest.lines }
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
