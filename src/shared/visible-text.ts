/** Embeddings, overrides, isolates and marks of direction: they make text look like another. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/** Control characters except tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]/gu

/** A character by its number: “\\u202e”. */
export const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Marks of direction by their number: “\u202e”. */
export function showDirectionMarks(text: string): string {
  return text.replace(DIRECTION, escaped)
}

/** Marks of direction and control characters by their number; tabs and line feeds stay. */
export function visibleText(text: string): string {
  return showDirectionMarks(text).replace(CONTROL, escaped)
}
