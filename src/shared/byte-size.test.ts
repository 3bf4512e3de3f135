import { describe, expect, it } from 'vitest'
import { formatBytes, formatBytesOf, NOT_A_SIZE, parseSize, SIZE_EXAMPLES, sizeText } from './byte-size'

const GIB = 1024 ** 3

describe('a size as typed', () => {
  it.each(['4G', '4g', '4GB', '4gb', '4 GB', '4GiB', '4 GiB', ' 4 gib ', '4Gi', '4.0G', '4096M', '4194304 K'])('“%s” is 4 GiB', (typed) => {
    expect(parseSize(typed)).toBe(4 * GIB)
  })

  it.each([
    ['500M', 500 * 1024 ** 2],
    ['500 MB', 500 * 1024 ** 2],
    ['1.5G', 1.5 * GIB],
    ['1,5 gb', 1.5 * GIB],
    ['1T', 1024 ** 4],
    ['1P', 1024 ** 5],
    ['64k', 65_536],
    ['65536', 65_536],
    ['65536 B', 65_536],
  ])('“%s” is %d bytes', (typed, bytes) => {
    expect(parseSize(typed)).toBe(bytes)
  })

  it.each([
    '',
    ' ',
    'G',
    'GB',
    'big',
    '-1G',
    '+1G',
    '0',
    '0G',
    '1 GX',
    '4 bytes',
    '1.2.3 GB',
    '1e9',
    '0x10',
    'Infinity',
    '4 G B',
    '999999999999999 TB',
  ])('“%s” is none', (typed) => {
    expect(parseSize(typed)).toBeNull()
  })

  it('is what the examples of messages are', () => {
    const examples = SIZE_EXAMPLES.split(/, | or /)
    expect(examples.map(parseSize)).toEqual([4 * GIB, 500 * 1024 ** 2, 1.5 * 1024 ** 4])
    expect(NOT_A_SIZE).toContain(SIZE_EXAMPLES)
  })

  it.each([50e9, 50 * GIB, 1_500_000_000, GIB + 1, 67_108_864, 12_345, 1])('%d bytes come back as they were', (bytes) => {
    expect(parseSize(sizeText(bytes))).toBe(bytes)
  })

  it('is edited in the largest unit that it is round in', () => {
    expect([50 * GIB, 2.5 * GIB, 512 * 1024 ** 2, 1000].map(sizeText)).toEqual(['50 GiB', '2.5 GiB', '512 MiB', '1000 B'])
  })
})

describe('a size as shown', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [120.4 * 1024 ** 2, '120 MiB'],
    [2.1 * GIB, '2.1 GiB'],
    [5 * 1024 ** 5, '5 PiB'],
    [5000 * 1024 ** 5, '5000 PiB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words)
  })

  it.each([
    [0, 4.1 * GIB, '0/4.1 GiB'],
    [1.2 * GIB, 4.1 * GIB, '1.2/4.1 GiB'],
    [512, 800, '512/800 B'],
  ])('%d of %d bytes are, where there is little room, %s', (done, total, words) => {
    expect(formatBytesOf(done, total)).toBe(words)
  })

  it('can be typed as it is shown', () => {
    for (const bytes of [1536, 4 * GIB, 512 * 1024 ** 2]) expect(parseSize(formatBytes(bytes))).toBe(bytes)
  })
})
