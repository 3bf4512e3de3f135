import { describe, expect, it } from 'vitest'
import { formatClock, formatCount, formatDuration, formatRelative, formatTimeLeft } from './format'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const ago = (milliseconds: number) => new Date(NOW - milliseconds).toISOString()
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('words for numbers', () => {
  it.each([
    [0, '0.0 s'],
    [320, '0.3 s'],
    [1100, '1.1 s'],
    [9999, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [245_000, '4 min 5 s'],
    [2 * HOUR + 10 * MINUTE, '2 h 10 min'],
    [-5, '0.0 s'],
  ])('%d ms are %s', (milliseconds, words) => {
    expect(formatDuration(milliseconds)).toBe(words)
  })

  it.each([
    [0.2, '5 s'],
    [31, '35 s'],
    [55, '55 s'],
    [56, '1 min'],
    [121, '3 min'],
    [3600, '1 h'],
    [7500, '2 h 10 min'],
  ])('%d seconds left are about %s', (seconds, words) => {
    expect(formatTimeLeft(seconds)).toBe(words)
  })

  it.each([
    [0, 'just now'],
    [50_000, '1 minute ago'],
    [5 * MINUTE, '5 minutes ago'],
    [3 * HOUR, '3 hours ago'],
    [DAY, 'yesterday'],
    [3 * DAY, '3 days ago'],
    [40 * DAY, 'last month'],
    [-2 * HOUR, 'in 2 hours'],
  ])('%d ms back is %s', (milliseconds, words) => {
    expect(formatRelative(ago(milliseconds), NOW)).toBe(words)
  })

  it('gives the time of a moment today, and the day of any other', () => {
    expect(formatClock(ago(HOUR), NOW, 'UTC')).toBe('11:00')
    expect(formatClock(ago(DAY), NOW, 'UTC')).toBe('9 Mar, 12:00')
  })

  it('counts one as one', () => {
    expect([0, 1, 2].map((count) => formatCount(count, 'file'))).toEqual(['0 files', '1 file', '2 files'])
  })
})
