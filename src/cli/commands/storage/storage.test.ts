import { describe, expect, test } from 'vitest'
import { givenSize } from '../../options/given-size'
import { storageLines } from './storage'

describe('a size', () => {
  test.each([
    ['50G', 50 * 1024 ** 3],
    ['1.5g', 1.5 * 1024 ** 3],
    ['500M', 500 * 1024 ** 2],
    ['1T', 1024 ** 4],
    ['1073741824', 1024 ** 3],
  ])('may be %s', (text, bytes) => expect(givenSize(text)).toBe(bytes))

  test.each(['', 'G', 'big', '-1G', '0', '1X', 'Infinity'])('may not be “%s”', (text) =>
    expect(() => givenSize(text)).toThrow('is not a size'),
  )
})

test('the state of storage is told in two lines', () => {
  expect(storageLines({ newWorkspaces: 'plain', pool: null, obstacle: 'this kernel has no btrfs' })).toEqual([
    'New workspaces  plain Docker volumes',
    'Pool            this kernel has no btrfs',
  ])
  const pool = { sizeBytes: 50 * 1024 ** 3, usedBytes: 1 * 1024 ** 3, freeBytes: 49 * 1024 ** 3 }
  expect(storageLines({ newWorkspaces: 'btrfs', pool, obstacle: null })[1]).toBe('Pool            1 GiB of 50 GiB used, 49 GiB free')
})
