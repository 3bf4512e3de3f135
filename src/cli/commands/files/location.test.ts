import { join } from 'node:path'
import { expect, test } from 'vitest'
import { leadsOut } from './local-files'
import { parseLocation, placeInTarget } from './location'

test.each<[string, object]>([
  ['demo:', { workspace: 'demo', path: '/home/workspace', isFolder: true, isContent: false }],
  ['demo:notes.txt', { workspace: 'demo', path: '/home/workspace/notes.txt', isFolder: false }],
  ['demo:~/notes.txt', { path: '/home/workspace/notes.txt' }],
  ['demo:/etc/hosts', { path: '/etc/hosts' }],
  ['demo:repo/', { path: '/home/workspace/repo', isFolder: true }],
  ['demo:repo/.', { path: '/home/workspace/repo', isContent: true }],
  ['demo:../../etc', { path: '/etc' }],
  ['demo:a:b', { workspace: 'demo', path: '/home/workspace/a:b' }],
])('%s is in a workspace', (text, expected) => {
  expect(parseLocation(text)).toMatchObject({ kind: 'workspace', ...expected })
})

test.each(['notes.txt', './demo:x', '/tmp/demo:x', 'folder/demo:x', ':x'])('%s is on this machine', (text) => {
  expect(parseLocation(text)).toEqual({ kind: 'local', path: text })
})

const target = { folder: '/t', name: 'dst', text: 'dst', isFolder: false }
const file = { name: 'src', isFolder: false, isContent: false }
const folder = { name: 'src', isFolder: true, isContent: false }

test('a source goes into a folder that exists, and becomes any other target', () => {
  expect(placeInTarget(file, target, 'folder', join)).toEqual({ folder: '/t/dst', name: 'src' })
  expect(placeInTarget(folder, target, 'folder', join)).toEqual({ folder: '/t/dst', name: 'src' })
  for (const [source, existing] of [
    [file, null],
    [file, 'file'],
    [folder, null],
    [{ ...folder, isContent: true }, 'folder'],
  ] as const) {
    expect(placeInTarget(source, target, existing, join)).toMatchObject({ folder: '/t', name: 'dst' })
  }
})

test('what cannot be is wrong usage', () => {
  expect(() => placeInTarget(folder, target, 'file', join)).toThrow('is a file')
  expect(() => placeInTarget(file, { ...target, isFolder: true }, null, join)).toThrow('no folder')
  expect(() => placeInTarget(file, { ...target, isFolder: true }, 'file', join)).toThrow('not a folder')
})

test('a link leads out when it is absolute or climbs above the folder', () => {
  expect([leadsOut(['a', 'l'], '../b'), leadsOut(['l'], 'x/../y'), leadsOut(['a', 'b', 'l'], '../../c')]).toEqual([false, false, false])
  expect([leadsOut(['l'], '/etc'), leadsOut(['l'], '..'), leadsOut(['a', 'l'], '../../x'), leadsOut(['l'], 'a/../../b')]).toEqual([
    true,
    true,
    true,
    true,
  ])
})
