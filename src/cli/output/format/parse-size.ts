import { usageError } from '../../cli-error'

const UNITS: Record<string, number> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 }

/** “50G” as bytes: K, M, G and T are powers of 1024. Throws a usage error for anything else. */
export function parseSize(text: string): number {
  const unit = text.slice(-1).toUpperCase()
  const factor = UNITS[unit]
  const digits = factor === undefined ? text : text.slice(0, -1)
  const number = digits === '' ? Number.NaN : Number(digits)
  if (!Number.isFinite(number) || number <= 0) throw usageError(`“${text}” is not a size.`, 'Write it as 50G, 500M or 1T.')
  return Math.round(number * (factor ?? 1))
}
