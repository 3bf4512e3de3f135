import { stripVTControlCharacters } from 'node:util'
import { escaped, showDirectionMarks } from '../../../shared/visible-text'

/** Colours and styles, which a terminal is left with at most until the end of the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const COLOUR = /(\u001b\[[0-9;:]*m)/u

/** Text from elsewhere (a label, a URL, a program's message) on one line and without anything a terminal would obey. */
export function oneLine(text: string): string {
  return showDirectionMarks(stripVTControlCharacters(text))
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim()
}

/**
 * Text for a terminal, of several lines: colours and tabs stay, all else that a terminal would obey goes (titles, links, the clipboard, the
 * cursor), and marks of direction are shown by their number.
 */
export function terminalText(text: string): string {
  return text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : withoutControls(showDirectionMarks(part))))
    .join('')
}

/** A cell of a table: one line, as `oneLine`, with the spaces it has. */
export function cellText(text: string): string {
  return withoutControls(showDirectionMarks(text)).replace(/[\t\n]/gu, ' ')
}

/** JSON in which no character means anything to a terminal: the same document, with these written as escapes. */
export function terminalJson(json: string): string {
  return showDirectionMarks(json.replace(/[\u007f-\u009f]/gu, escaped))
}

function withoutControls(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\t\n]/gu, '')
}
