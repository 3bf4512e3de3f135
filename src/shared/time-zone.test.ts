import { expect, it } from 'vitest'
import { timeZoneSchema } from './time-zone'

const problem = (name: string) => timeZoneSchema.safeParse(name).error?.issues[0]?.message ?? null

it.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5', 'US/Eastern', 'Asia/Kolkata', 'Asia/Calcutta'])(
  '%s is a time zone',
  (name) => expect(problem(name)).toBeNull(),
)

it.each(['Mars/Phobos', '+01:00', '../../etc/passwd', '', ' UTC', 'Europe/Berlin\n'])('%j is not one', (name) => {
  expect(problem(name)).toContain('is not a time zone. Use a name such as Europe/Berlin, or UTC.')
})

it('a name in other letters than its file has is corrected', () => {
  expect(problem('europe/berlin')).toBe('Write it as Europe/Berlin.')
})
