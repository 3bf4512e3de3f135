import { expect, test } from 'vitest'
import { paceOf } from './pace'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const bytes = (done: number, total: number | null) => ({ done, total, unit: 'bytes' as const })
const startedAt = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString()

test('the pace is what was done in the time it took, and the rest takes as long at that pace', () => {
  expect(paceOf({ startedAt: startedAt(10), progress: bytes(400e6, 1e9) }, NOW)).toEqual({ bytesPerSecond: 40e6, millisecondsLeft: 15_000 })
})

test.each([
  ['the end is not known', bytes(400e6, null)],
  ['the end is reached', bytes(1e9, 1e9)],
  ['more was copied than was there at the beginning', bytes(2e9, 1e9)],
])('there is no time left to tell when %s', (_what, progress) => {
  expect(paceOf({ startedAt: startedAt(10), progress }, NOW)).toMatchObject({ millisecondsLeft: null })
})

test.each([
  ['it has just begun', startedAt(1), bytes(400e6, 1e9)],
  ['nothing is copied yet', startedAt(10), bytes(0, 1e9)],
  ['it does not count bytes', startedAt(10), { done: 1, total: 2, unit: 'steps' as const }],
  ['it says nothing', startedAt(10), null],
  ['it has not begun', null, bytes(1, 2)],
  ['its clock is ahead of ours', startedAt(-30), bytes(1, 2)],
])('it is not guessed when %s', (_what, started, progress) => {
  expect(paceOf({ startedAt: started, progress }, NOW)).toBeNull()
})
