import { expect, it } from 'vitest'
import { assertWithinLimits, type PlannedCopy } from './disk-limit'

const copy: PlannedCopy = { workspace: 'demo', limitBytes: 100, usedBytes: 60, addedBytes: 40, writtenBytes: 40 }
const unlimited = { totalBytes: 500, totalLimitBytes: null }

it('a copy may fill the limit, and not go past it', () => {
  expect(() => assertWithinLimits(copy, unlimited)).not.toThrow()
  expect(() => assertWithinLimits({ ...copy, addedBytes: 41 }, unlimited)).toThrow(
    expect.objectContaining({
      code: 'LIMIT_REACHED',
      data: expect.objectContaining({ workspace: 'demo', limitBytes: 100, usedBytes: 60, neededBytes: 41 }),
    }),
  )
})

it('the limit of all is held against what is written', () => {
  const all = { totalBytes: 500, totalLimitBytes: 540 }
  expect(() => assertWithinLimits({ ...copy, limitBytes: null }, all)).not.toThrow()
  expect(() => assertWithinLimits({ ...copy, limitBytes: null, writtenBytes: 41 }, all)).toThrow(
    expect.objectContaining({ code: 'LIMIT_REACHED', data: expect.objectContaining({ workspace: null, usedBytes: 500, neededBytes: 41 }) }),
  )
  expect(() => assertWithinLimits({ ...copy, writtenBytes: 0 }, { totalBytes: 541, totalLimitBytes: 540 })).toThrow(
    'All workspaces together',
  )
})

it('what could not be measured is not held against a copy', () => {
  expect(() => assertWithinLimits({ ...copy, usedBytes: null, addedBytes: null }, unlimited)).not.toThrow()
})
