import { expect, test } from 'vitest'
import { changeLimits, limitsPatchSchema, NO_LIMITS } from './limits'

test('a change leaves what it does not name, and takes a limit away by null', () => {
  const limits = { ...NO_LIMITS, diskBytes: 10 ** 9, cpus: 2 }
  expect(changeLimits(limits, { diskBytes: null, processes: 100 })).toEqual({ ...NO_LIMITS, cpus: 2, processes: 100 })
  expect(changeLimits(limits)).toEqual(limits)
})

test.each([
  { diskBytes: 1 },
  { diskBytes: 1e9 + 0.5 },
  { diskBytes: 2 ** 60 },
  { cpus: 0 },
  { memoryBytes: -1 },
  { processes: 1 },
  { disk: 1e9 },
])('a limit cannot be %j', (limits) => expect(limitsPatchSchema.safeParse(limits).success).toBe(false))
