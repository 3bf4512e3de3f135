import { describe, expect, it } from 'vitest'
import { parseSize, sizeText } from './size-text'

describe('a size as typed', () => {
  it.each([
    ['50 GB', 50_000_000_000],
    ['50', 50_000_000_000],
    ['50GiB', 50 * 1024 ** 3],
    ['50G', 50 * 1024 ** 3],
    ['512m', 512 * 1024 ** 2],
    ['1.5 TB', 1_500_000_000_000],
    ['1,5 tb', 1_500_000_000_000],
  ])('“%s” is %d bytes', (typed, bytes) => {
    expect(parseSize(typed)).toBe(bytes)
  })

  it.each(['', 'GB', '-1 GB', '1 GX', '1.2.3 GB', '1e9', '999999999999999 TB'])('“%s” is none', (typed) => {
    expect(parseSize(typed)).toBeNull()
  })

  it.each([50_000_000_000, 50 * 1024 ** 3, 1_500_000_000, 1024 ** 3 + 1, 67_108_864, 12_345])(
    '%d bytes come back as they were',
    (bytes) => {
      expect(parseSize(sizeText(bytes))).toBe(bytes)
    },
  )

  it('is written in the unit that it is round in', () => {
    expect(sizeText(50 * 1024 ** 3)).toBe('50 GiB')
    expect(sizeText(2_500_000_000)).toBe('2.5 GB')
  })
})
