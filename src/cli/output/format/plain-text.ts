import { stripVTControlCharacters } from 'node:util'

/** Text from elsewhere (a label, a URL, a program's message) on one line and without anything a terminal would obey. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim()
}

/** Cut to at most `columns` cells; whatever is not ASCII counts as two, which errs on the safe side. */
export function cutToColumns(text: string, columns: number): string {
  let used = 0
  let kept = ''
  for (const character of text) {
    used += character <= '\u007f' ? 1 : 2
    if (used > columns) return kept
    kept += character
  }
  return kept
}
