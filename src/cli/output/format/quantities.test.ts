import { expect, test } from 'vitest'
import { formatAgo, formatDuration, formatTimeLeft, plural } from './quantities'

test('durations grow coarser as they grow', () => {
  expect([0, 440, 9_990, 12_345, 65_000, 3_725_000].map(formatDuration)).toEqual([
    '0.0 s',
    '0.4 s',
    '10.0 s',
    '12 s',
    '1 min 05 s',
    '1 h 02 min',
  ])
})

test('the time left is an estimate, never nothing', () => {
  expect([0, 200, 4_100, 24_000, 59_500, 65_000].map(formatTimeLeft)).toEqual(['1 s', '1 s', '5 s', '24 s', '1 min 00 s', '1 min 05 s'])
})

test('times are told from now', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  const times = [
    '2026-03-01T11:59:30Z',
    '2026-03-01T11:55:00Z',
    '2026-03-01T09:00:00Z',
    '2026-02-28T11:00:00Z',
    '2026-02-20T12:00:00Z',
    '2025-12-24T00:00:00Z',
    null,
  ]
  expect(times.map((time) => formatAgo(time, now))).toEqual([
    'just now',
    '5 min ago',
    '3 h ago',
    'yesterday',
    '9 days ago',
    '2025-12-24',
    'never',
  ])
})

test('a clock that is ahead does not make times from the future', () => {
  expect(formatAgo('2026-03-01T12:00:05Z', Date.parse('2026-03-01T12:00:00Z'))).toBe('just now')
})

test('nouns are counted', () => {
  expect([plural(1, 'file'), plural(2, 'file')]).toEqual(['1 file', '2 files'])
})
