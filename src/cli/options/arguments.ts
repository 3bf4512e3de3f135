import { InvalidArgumentError } from 'commander'
import { isConstraint } from '../../shared/swarm-constraint'
import { givenSize } from './given-size'

/** Parsers of option values: commander puts the option's name before the message. */

export function collect(value: string, previous: string[]): string[] {
  return [...previous, value]
}

export function parsePort(value: string): number {
  const port = parseWhole(value)
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('A port is from 1 to 65535.')
  return port
}

export function parseWhole(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(value)
}

export function parseFraction(value: string): number {
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(value)) throw new InvalidArgumentError('It takes a number such as 2 or 1.5.')
  return Number(value)
}

export function parseLineCount(value: string): number {
  const count = parseWhole(value)
  if (count > 1_000_000) throw new InvalidArgumentError('At most 1000000 lines.')
  return count
}

export function parseSeconds(value: string): number {
  const seconds = /^\d{1,5}(\.\d{1,3})?$/.test(value) ? Number(value) : 0
  if (seconds <= 0 || seconds > 86_400) throw new InvalidArgumentError('It takes seconds, more than 0 and at most 86400.')
  return seconds
}

export function parseOutputSize(value: string): number {
  const bytes = givenSize(value)
  if (bytes > 64 * 1024 * 1024) throw new InvalidArgumentError('At most 64M.')
  return bytes
}

/** “8080” or, with a port of this machine, two numbers. @returns them in the order they stand. */
export function parsePortPair(value: string): [first: number, second: number | undefined] {
  const [first = '', second, ...more] = value.split(':')
  if (more.length > 0) throw new InvalidArgumentError('It takes a port, or two with a colon between them.')
  return [parsePort(first), second === undefined ? undefined : parsePort(second)]
}

export function parseConstraint(value: string): string {
  if (!isConstraint(value)) throw new InvalidArgumentError('It takes KEY==VALUE or KEY!=VALUE, such as node.labels.disk==ssd.')
  return value
}

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/
const isUnit = (text: string | undefined): text is keyof typeof UNITS => text !== undefined && Object.hasOwn(UNITS, text)

/** So long ago (90s, 10m, 2h, 1d), or a time of RFC 3339. Gives RFC 3339. */
export function parseTime(value: string): string {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(value) ?? []
  if (amount !== undefined && isUnit(unit)) return new Date(Date.now() - Number(amount) * UNITS[unit] * 1000).toISOString()
  if (!RFC_3339.test(value) || Number.isNaN(Date.parse(value))) {
    throw new InvalidArgumentError('It takes 90s, 10m, 2h or 1d, or a time as 2026-01-31T12:00:00Z.')
  }
  return value
}

/** “60s”, “5m”, “1h”, or seconds alone. Gives seconds; at most a week. */
export function parseDuration(value: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6}(?:\.\d{1,3})?)([smhd]?)$/.exec(value) ?? []
  const seconds = amount !== undefined && isUnit(unit || 's') ? Number(amount) * UNITS[(unit || 's') as keyof typeof UNITS] : 0
  if (seconds <= 0 || seconds > 7 * UNITS.d) throw new InvalidArgumentError('It takes a time such as 60s, 5m or 1h; at most 7d.')
  return seconds
}

export function parsePattern(value: string): RegExp {
  try {
    return new RegExp(value)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new InvalidArgumentError(error.message)
  }
}
