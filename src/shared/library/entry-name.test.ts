import { expect, it } from 'vitest'
import { entryNameProblem } from './entry-name'

it('takes one segment of a path with safe characters, and nothing else', () => {
  expect(['python-dev', 'a', 'v1.2_x', 'Docs'].map(entryNameProblem)).toEqual([null, null, null, null])
  const refused = ['', '.', '..', '.git', '-x', 'a/b', 'a\\b', 'a b', 'ä', 'a\0', 'a\n', 'x'.repeat(65)]
  for (const name of refused) expect(entryNameProblem(name), JSON.stringify(name)).not.toBeNull()
})
