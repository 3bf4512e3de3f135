import { expect, test } from 'vitest'
import { formatTable } from './table'
import { textWidth } from './text-width'

const rows = [
  ['NAME', 'STATUS', 'REPO', ''],
  ['日本', 'running', 'https://host/owner/a-long-name.git', 'Machine learning'],
  ['api 🚀', 'stopped', '-', 'e\u0301te\u0301'],
]

test('columns are aligned by the cells that their text takes', () => {
  expect(formatTable(rows)).toEqual([
    'NAME    STATUS   REPO',
    '日本    running  https://host/owner/a-long-name.git  Machine learning',
    'api 🚀  stopped  -                                   e\u0301te\u0301',
  ])
})

test('on a narrow terminal the widest columns are cut, and no line is wider than it', () => {
  const lines = formatTable(rows, undefined, { columns: 50 })
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(50)
  expect(lines[1]).toContain('…')
})

test('spare columns go first, the least important before the others', () => {
  const spare = ['', 'REPO', 'STATUS']
  expect(formatTable(rows, undefined, { columns: 36, spare })).toEqual([
    'NAME    STATUS   REPO',
    '日本    running  https://host/owner…',
    'api 🚀  stopped  -',
  ])
  expect(formatTable(rows, undefined, { columns: 20, spare })).toEqual(['NAME    STATUS', '日本    running', 'api 🚀  stopped'])
})

test('cells are painted as those that they were given as', () => {
  const seen: string[] = []
  formatTable(
    rows,
    (text, row, column) => {
      if (row === 1) seen.push(`${column} ${text}`)
      return text
    },
    { columns: 20, spare: ['STATUS', 'REPO', ''] },
  )
  expect(seen).toEqual(['0 日本'])
})
