import { cellText } from './plain-text'

/**
 * Columns two spaces apart, each as wide as its widest cell; the last is not padded. Cells are plain text of one line, whatever they were
 * given as; `paintCell` adds colour.
 */
export function formatTable(
  given: readonly (readonly string[])[],
  paintCell: (text: string, row: number, column: number) => string = (text) => text,
): string[] {
  const rows = given.map((row) => row.map(cellText))
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  return rows.map((row, rowIndex) =>
    row
      .map((cell, column) => {
        const painted = paintCell(cell, rowIndex, column)
        return column === row.length - 1 ? painted : painted + ' '.repeat((widths[column] ?? 0) - cell.length)
      })
      .join('  ')
      .trimEnd(),
  )
}
