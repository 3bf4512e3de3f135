import { expect, test } from 'vitest'
import { entryPath } from './entry-path'
import { fileNameProblem, filePathSchema, folderOf, isWithin, joinPath, nameOf, normalizePath, numberedPath } from './file-path'

test.each([
  ['/', '/'],
  ['/home/workspace/', '/home/workspace'],
  ['/home//workspace/./repo', '/home/workspace/repo'],
  ['/home/../../etc/../a', '/a'],
  ['/..', '/'],
])('%s is %s', (path, normalized) => {
  expect(normalizePath(path)).toBe(normalized)
})

test('a path has a folder and a name', () => {
  expect([folderOf('/a/b'), folderOf('/a'), folderOf('/')]).toEqual(['/a', '/', '/'])
  expect([nameOf('/a/b'), nameOf('/')]).toEqual(['b', ''])
  expect(joinPath('/', 'a')).toBe('/a')
})

test('a path is within its folder, and not within one whose name begins alike', () => {
  expect([isWithin('/a/b', '/a'), isWithin('/a', '/a'), isWithin('/a', '/')]).toEqual([true, true, true])
  expect([isWithin('/ab', '/a'), isWithin('/', '/a')]).toEqual([false, false])
})

test.each(['relative', '', '/a\0b', `/${'x'.repeat(5000)}`])('a path inside a workspace is not %j', (path) => {
  expect(filePathSchema.safeParse(path).success).toBe(false)
})

test('an entry of an archive has a path below the folder it is unpacked into', () => {
  expect(entryPath('./')).toEqual([])
  expect(entryPath('./a//b/')).toEqual(['a', 'b'])
  expect(entryPath('line\nbreak/…')).toEqual(['line\nbreak', '…'])
})

test.each(['/etc/passwd', '../a', 'a/../../b', 'a/..', 'a\0b', 'x'.repeat(300), `${'a/'.repeat(2100)}b`])(
  '%j is no path of an entry',
  (path) => {
    expect(entryPath(path)).toBeNull()
  },
)

test('a name that is taken gets a number before its ending', () => {
  expect([numberedPath('/a/b.txt', 2), numberedPath('/a.d/b', 3), numberedPath('/a/.env', 2)]).toEqual([
    '/a/b 2.txt',
    '/a.d/b 3',
    '/a/.env 2',
  ])
})

test('a name is not a path, and not too long', () => {
  expect(fileNameProblem('.profile')).toBeNull()
  for (const name of ['', '.', '..', 'a/b', 'a\0b', 'ä'.repeat(128)]) expect(fileNameProblem(name)).not.toBeNull()
})
