import { describe, expect, it } from 'vitest'
import { LINE_HEIGHT, offsetOfRow, rowAtOffset, scrollScale } from './scroll-scale'

describe('a list that fits into an element', () => {
  it('scrolls as it is', () => {
    const scale = scrollScale(100, 180)
    expect(scale.barHeight).toBe(100 * LINE_HEIGHT + 12)
    expect(scale.toOffset({ offset: 0, scrollTop: 0 }, 500)).toBe(500)
    expect(scale.toScrollTop(500)).toBe(500)
  })
})

describe('a list that is taller than an element can be', () => {
  const scale = scrollScale(2_000_000, 600)

  it('moves by pixels in steps and by its share in jumps', () => {
    expect(scale.barHeight).toBe(15_000_000)
    expect(scale.toOffset({ offset: 1_000_000, scrollTop: 400_000 }, 400_100)).toBe(1_000_100)
    const middle = scale.toOffset({ offset: 0, scrollTop: 0 }, 7_500_000 - 300)
    expect(Math.abs(middle - scale.maxOffset / 2)).toBeLessThan(1)
  })

  it('reaches both ends, and the bar goes where the list is', () => {
    expect(scale.toOffset({ offset: 3000, scrollTop: 100 }, 0)).toBe(0)
    expect(scale.toOffset({ offset: 0, scrollTop: 14_999_000 }, 15_000_000 - 600)).toBe(scale.maxOffset)
    expect(scale.toScrollTop(scale.maxOffset)).toBeCloseTo(15_000_000 - 600)
  })
})

it('a row is found where it is', () => {
  expect(rowAtOffset(offsetOfRow(12_345))).toEqual({ row: 12_345, hidden: 0 })
  expect(rowAtOffset(0)).toEqual({ row: 0, hidden: -6 })
  expect(rowAtOffset(offsetOfRow(3) + 5)).toEqual({ row: 3, hidden: 5 })
})
