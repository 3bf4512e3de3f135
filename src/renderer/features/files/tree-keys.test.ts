import { expect, test } from 'vitest'
import type { EntryRow } from './file-rows'
import { treeAction } from './tree-keys'

const row = (path: string, isOpen: boolean | null): EntryRow => ({
  ...{ kind: 'entry', path, level: 1, isOpen, position: 1, siblings: 1 },
  entry: { name: '', kind: 'file', link: null, size: 0, mode: 0, modifiedAt: '', owner: '' },
})
const rows = [row('/h/a', true), row('/h/a/b', null), row('/h/c', false)]

test('arrows go through the rows, open and close folders, and lead out of them', () => {
  expect(treeAction('ArrowDown', rows, -1, 10)).toEqual({ kind: 'select', path: '/h/a' })
  expect(treeAction('ArrowDown', rows, 2, 10)).toEqual({ kind: 'select', path: '/h/c' })
  expect(treeAction('PageDown', rows, 0, 10)).toEqual({ kind: 'select', path: '/h/c' })
  expect(treeAction('ArrowRight', rows, 2, 10)).toEqual({ kind: 'toggle', path: '/h/c', isOpen: true })
  expect(treeAction('ArrowRight', rows, 0, 10)).toEqual({ kind: 'select', path: '/h/a/b' })
  expect(treeAction('ArrowRight', rows, 1, 10)).toBeNull()
  expect(treeAction('ArrowLeft', rows, 1, 10)).toEqual({ kind: 'select', path: '/h/a' })
  expect(treeAction('ArrowLeft', rows, 0, 10)).toEqual({ kind: 'toggle', path: '/h/a', isOpen: false })
})

test('F2 and Delete are for what is selected', () => {
  expect(treeAction('F2', rows, 1, 10)).toEqual({ kind: 'rename' })
  expect(treeAction('Delete', rows, -1, 10)).toBeNull()
  expect(treeAction('x', rows, 1, 10)).toBeNull()
})
