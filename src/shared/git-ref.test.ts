import { expect, it } from 'vitest'
import { gitRefProblem, repoFolderProblem } from './git-ref'

it.each(['main', 'feature/x', 'v1.2.3', 'café', '0123abc', 'refs/pull/7/head', 'a@b', 'a-b_c'])('“%s” may be a ref', (ref) =>
  expect(gitRefProblem(ref)).toBeNull(),
)

it.each([
  '',
  '@',
  '-x',
  '/x',
  'x/',
  'a..b',
  'a b',
  'a\nb',
  'a~1',
  'a^',
  'a:b',
  'a?',
  'a*',
  'a[',
  'a\\b',
  '.a',
  'a/.b',
  'a.lock',
  'a@{1}',
  'a//b',
  'a.',
  'x'.repeat(256),
])('“%s” may not', (ref) => expect(gitRefProblem(ref)).toEqual(expect.any(String)))

it.each([
  ['packages/web', true],
  ['a b/ü', true],
  ['/etc', false],
  ['../x', false],
  ['a/../../x', false],
  ['a\nb', false],
])('a folder within a repository may be “%s”: %s', (folder, may) => expect(repoFolderProblem(folder) === null).toBe(may))
