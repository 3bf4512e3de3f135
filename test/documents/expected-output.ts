/** In a page it stands for any text of a line; alone on a line, for any lines. */
const ANYTHING = '…'

/** Sizes, also those in bytes, have another unit from one run to the next. */
const QUANTITY = /\d+(?:\.\d+)?(?: (?:[KMGT]i)?B\b)?/
const ANY_QUANTITY = QUANTITY.source

/**
 * Whether the output is what the page shows. Runs of spaces are alike, a number stands for any number, and a size for any size: ports,
 * times and sizes differ from one run to the next.
 */
export function isAsShown(shown: string[], output: string): boolean {
  return matches(trimmed(shown), trimmed(output.split('\n')))
}

function trimmed(lines: string[]): string[] {
  return lines.map((line) => line.trim().replaceAll(/ +/g, ' ')).filter((line) => line !== '')
}

function matches([shown, ...furtherShown]: string[], lines: string[]): boolean {
  if (shown === undefined) return lines.length === 0
  if (shown === ANYTHING) return furtherShown.length === 0 || lines.some((_, index) => matches(furtherShown, lines.slice(index)))
  const [line, ...furtherLines] = lines
  return line !== undefined && patternOf(shown).test(line) && matches(furtherShown, furtherLines)
}

function patternOf(shown: string): RegExp {
  const parts = shown.split(ANYTHING).map((part) => part.split(new RegExp(QUANTITY, 'g')).map(escaped).join(ANY_QUANTITY))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Letters and the like stand for themselves in a pattern. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
