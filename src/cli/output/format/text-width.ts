import { stripVTControlCharacters } from 'node:util'

/*
 * The rule of the package `string-width`, with the Unicode data that Node has: what a reader sees as one character takes the cells of its first
 * code point.
 */

/** What “Wide” and “Fullwidth” mean in Unicode’s table of East Asian widths; JavaScript knows scripts, not widths. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}{2}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}])/u
/** A character with the mark that asks for its picture. */
const AS_EMOJI = /^[\p{Emoji}]\ufe0f/u
const INVISIBLE = /^[\p{Mark}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]+$/u
const ASCII = /^[\u0020-\u007e]*$/

const graphemes = new Intl.Segmenter()

function cellsOf(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0
  return WIDE.test(grapheme) || AS_EMOJI.test(grapheme) ? 2 : 1
}

/** How many cells of a terminal a text takes; colours take none. */
export function textWidth(text: string): number {
  const plain = stripVTControlCharacters(text)
  if (ASCII.test(plain)) return plain.length
  let cells = 0
  for (const { segment } of graphemes.segment(plain)) cells += cellsOf(segment)
  return cells
}

/** Plain text cut to at most this many cells. A character that would be cut in two is left out. */
export function cutToWidth(text: string, cells: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(0, cells))
  let used = 0
  let kept = ''
  for (const { segment } of graphemes.segment(text)) {
    used += cellsOf(segment)
    if (used > cells) return kept
    kept += segment
  }
  return kept
}

/** The same, and “…” for what was left out. */
export function shorten(text: string, cells: number): string {
  return textWidth(text) <= cells ? text : `${cutToWidth(text, cells - 1).trimEnd()}…`
}
