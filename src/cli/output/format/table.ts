import { cellText } from './plain-text'
import { shorten, textWidth } from './text-width'

const GAP = '  '
/** Less of a cell says nothing. */
const LEAST_CELLS = 8

/** How a table is made to fit. */
export interface TableFit {
  /** Cells of the terminal; left out, the table is as wide as it is. */
  columns?: number | undefined
  /** Headings of the columns that a narrow terminal does without, the least important first. */
  spare?: readonly string[]
}

/**
 * Columns two spaces apart, each as wide as its widest cell; the last is not padded. Cells are plain text of one line, whatever they were
 * given as; `paintCell` adds colour, and is told which cell of those given it is. Where the terminal is too narrow for all, spare columns are
 * left out, then the widest are cut, until each line fits.
 */
export function formatTable(
  given: readonly (readonly string[])[],
  paintCell: (text: string, row: number, column: number) => string = (text) => text,
  { columns = Number.POSITIVE_INFINITY, spare = [] }: TableFit = {},
): string[] {
  const rows = given.map((row) => row.map(cellText))
  const natural = widthsOf(rows)
  const shown = shownColumns(rows[0] ?? [], natural, columns, spare)
  const widths = fittingWidths(natural, shown, columns)
  return rows.map((row, rowIndex) => {
    const inRow = shown.filter((column) => column < row.length)
    return inRow
      .map((column) => {
        const width = widths.get(column) ?? 0
        const cell = shorten(row[column] ?? '', width)
        const painted = paintCell(cell, rowIndex, column)
        return column === inRow.at(-1) ? painted : painted + ' '.repeat(width - textWidth(cell))
      })
      .join(GAP)
      .trimEnd()
  })
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell))
    })
  }
  return widths
}

/** Without spare ones as long as the rest would have to be cut to less than what is of use. */
function shownColumns(heading: readonly string[], widths: readonly number[], columns: number, spare: readonly string[]): number[] {
  const shown = widths.map((_, column) => column)
  for (const name of spare) {
    const least = shown.map((column) => Math.min(widths[column] ?? 0, LEAST_CELLS * 2))
    if (lineWidth(least) <= columns) break
    const index = shown.findIndex((column) => heading[column] === name)
    if (index !== -1) shown.splice(index, 1)
  }
  return shown
}

/** The widest are cut first, and none to less than what is of use. */
function fittingWidths(natural: readonly number[], shown: readonly number[], columns: number): Map<number, number> {
  const widths = new Map(shown.map((column) => [column, natural[column] ?? 0]))
  for (let excess = lineWidth([...widths.values()]) - columns; excess > 0; ) {
    const [[widest, width] = [0, 0], [, second] = [0, 0]] = [...widths].sort(([, one], [, other]) => other - one)
    const next = Math.max(LEAST_CELLS, Math.min(second, width - 1), width - excess)
    if (next >= width) break
    excess -= width - next
    widths.set(widest, next)
  }
  return widths
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1)
}
