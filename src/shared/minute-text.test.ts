import { expect, test } from 'vitest'
import { minuteText } from './minute-text'

test('a time is said to the minute, in UTC', () => {
  expect(minuteText('2026-01-31T14:05:09.123Z')).toBe('2026-01-31 14:05 UTC')
  expect(minuteText('2026-01-31T23:05:09+02:00')).toBe('2026-01-31 21:05 UTC')
})
