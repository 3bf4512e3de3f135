import { expect, test } from 'vitest'
import { bytesAbove, bytesTogether } from './layer-bytes'

const base = { sizeBytes: 100, layers: ['a', 'b'] }
const lower = { sizeBytes: 60, layers: ['a'] }
const other = { sizeBytes: 500, layers: ['x', 'b'] }
const committed = { sizeBytes: 130, layers: ['a', 'b', 'c'] }

test('the bytes of an image above its largest base are its own', () => {
  expect(bytesAbove(committed, [lower, base, other])).toBe(30)
  expect(bytesAbove(committed, [other])).toBe(130)
  expect(bytesAbove(base, [base])).toBe(100)
})

test('what one image has of another counts once', () => {
  expect(bytesTogether([committed, base, other])).toBe(630)
  expect(bytesTogether([base, { ...base }]), 'one image under two names').toBe(100)
  expect(bytesTogether([])).toBe(0)
})
