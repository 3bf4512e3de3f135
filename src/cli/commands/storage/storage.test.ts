import { describe, expect, test } from 'vitest'
import { parseSize } from '../../output/format/parse-size'
import { storageLines } from './storage'

describe('a size', () => {
  test.each([
    ['50G', 50 * 1024 ** 3],
    ['1.5g', 1.5 * 1024 ** 3],
    ['500M', 500 * 1024 ** 2],
    ['1T', 1024 ** 4],
    ['1073741824', 1024 ** 3],
  ])('may be %s', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  test.each(['', 'G', 'big', '-1G', '0', '1GB', 'Infinity'])('may not be “%s”', (text) =>
    expect(() => parseSize(text)).toThrow('is not a size'),
  )
})

test('the state of storage is told in two lines', () => {
  expect(storageLines({ newWorkspaces: 'plain', pool: null, obstacle: 'this kernel has no btrfs' })).toEqual([
    'New workspaces  plain Docker volumes',
    'Pool            this kernel has no btrfs',
  ])
  const pool = { sizeBytes: 50e9, usedBytes: 1e9, freeBytes: 49e9 }
  expect(storageLines({ newWorkspaces: 'btrfs', pool, obstacle: null })[1]).toBe('Pool            1.0 GB of 50.0 GB used, 49.0 GB free')
})
