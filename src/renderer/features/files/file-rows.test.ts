import { expect, test } from 'vitest'
import type { FileEntry, FileListing } from '../../../shared/contract/files'
import { type FolderState, fileRows, sortEntries } from './file-rows'

const entry = (name: string, kind: FileEntry['kind'] = 'file', link: FileEntry['link'] = null): FileEntry => ({
  ...{ name, kind, link, size: 1, mode: 0o644, modifiedAt: '2026-01-01T00:00:00.000Z', owner: 'workspace' },
})
const ready = (entries: FileEntry[], more: Partial<FileListing> = {}): FolderState => ({
  status: 'ready',
  listing: { path: '', entries, truncated: false, unnamed: 0, ...more },
})

test('folders and links to folders come first, numbers in their order', () => {
  const sorted = sortEntries([
    entry('b10'),
    entry('b9'),
    entry('A'),
    entry('z', 'folder'),
    entry('l', 'link', { target: '/etc', kind: 'folder' }),
  ])
  expect(sorted.map(({ name }) => name)).toEqual(['l', 'z', 'A', 'b9', 'b10'])
})

test('open folders show what is in them, one level deeper', () => {
  const folders = new Map([
    ['/h', ready([entry('d', 'folder'), entry('e', 'folder'), entry('f')])],
    ['/h/d', ready([entry('x')])],
  ])
  const rows = fileRows('/h', folders, new Set(['/h/d', '/h/e', '/elsewhere']))
  expect(rows.map((row) => [row.path, row.level, row.kind === 'entry' ? row.isOpen : row.remark])).toEqual([
    ['/h/d', 1, true],
    ['/h/d/x', 2, null],
    ['/h/e', 1, true],
    ['/h/e', 2, 'loading'],
    ['/h/f', 1, null],
  ])
  expect(rows[4]).toMatchObject({ position: 3, siblings: 3 })
})

test('what cannot be shown is said', () => {
  expect(fileRows('/h', new Map([['/h', ready([])]]), new Set())).toMatchObject([{ remark: 'empty' }])
  const rows = fileRows('/h', new Map([['/h', ready([entry('a')], { truncated: true, unnamed: 2 })]]), new Set())
  expect(rows.slice(1)).toMatchObject([
    { remark: 'truncated', count: 1 },
    { remark: 'unnamed', count: 2 },
  ])
})
