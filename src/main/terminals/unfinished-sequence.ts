import { concatenate } from '../../shared/terminal-output/concatenate'

const ESC = 0x1b
const BEL = 0x07
const CANCEL = 0x18
const SUBSTITUTE = 0x1a

/** A sequence longer than this (a picture) is not kept. */
const LONGEST_KEPT = 256 * 1024

const EMPTY = new Uint8Array(0)

/** After so much text in a row the next sequence is looked for by a faster way than byte by byte. */
const LONG_TEXT = 24
const LONGEST_CHARACTER = 4

type State = 'text' | 'escape' | 'escape-intermediate' | 'control-sequence' | 'string'

export interface UnfinishedSequence {
  feed(bytes: Uint8Array): void
  /** The bytes of a character or escape sequence that has begun and not ended; mostly none. */
  bytes(): Uint8Array
}

/**
 * Output comes in pieces cut anywhere. A window that joins in the middle of an escape sequence or of a UTF-8 character must get
 * the first part of it too, which no picture of the screen can hold: this keeps it.
 */
export function createUnfinishedSequence(): UnfinishedSequence {
  let state: State = 'text'
  /** Bytes of a UTF-8 character still to come. */
  let missing = 0
  let kept: Uint8Array = EMPTY

  return {
    feed(bytes) {
      /** Where in this piece the unfinished sequence began. */
      let begin: number | 'earlier' | null = state !== 'text' || missing > 0 ? 'earlier' : null
      let textLength = 0
      for (let index = 0; index < bytes.length; index++) {
        if (textLength++ >= LONG_TEXT && missing === 0) {
          const next = bytes.indexOf(ESC, index)
          // Of text alone only the last character can be unfinished.
          index = next === -1 ? Math.max(index, bytes.length - LONGEST_CHARACTER + 1) : next
        }
        const byte = bytes[index] ?? 0
        if (state !== 'text') {
          if (byte === ESC && state !== 'string') begin = index
          state = nextState(state, byte)
          textLength = 0
          if (state === 'text') begin = null
          continue
        }
        if (missing > 0 && byte >= 0x80 && byte <= 0xbf) {
          missing--
          if (missing === 0) begin = null
          continue
        }
        missing = utf8Followers(byte)
        if (byte === ESC) {
          state = 'escape'
          textLength = 0
        }
        begin = missing > 0 || byte === ESC ? index : null
      }
      if (begin === null) kept = EMPTY
      else if (begin === 'earlier') kept = concatenate([kept, bytes])
      else kept = bytes.slice(begin)
      if (kept.length > LONGEST_KEPT) kept = EMPTY
    },
    bytes: () => kept,
  }
}

/** How many bytes follow this one in its UTF-8 character. */
function utf8Followers(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 0
  if (byte >= 0xf0) return 3
  return byte >= 0xe0 ? 2 : 1
}

function nextState(state: Exclude<State, 'text'>, byte: number): State {
  if (byte === CANCEL || byte === SUBSTITUTE) return 'text'
  switch (state) {
    case 'escape':
      if (byte === 0x5b) return 'control-sequence'
      // OSC, DCS, SOS, PM, APC.
      if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) return 'string'
      if (byte >= 0x20 && byte <= 0x2f) return 'escape-intermediate'
      return byte >= 0x30 && byte <= 0x7e ? 'text' : 'escape'
    case 'escape-intermediate':
      if (byte === ESC) return 'escape'
      return byte >= 0x30 && byte <= 0x7e ? 'text' : 'escape-intermediate'
    case 'control-sequence':
      if (byte === ESC) return 'escape'
      return byte >= 0x40 && byte <= 0x7e ? 'text' : 'control-sequence'
    case 'string':
      // ESC ends the string; with the backslash after it, it is the string's own terminator.
      if (byte === ESC) return 'escape'
      return byte === BEL ? 'text' : 'string'
    default:
      return state satisfies never
  }
}
