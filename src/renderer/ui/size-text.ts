/** Decimal as the page shows sizes (“50 GB”), binary as command lines mean them (“50 GiB”, “50G”). */
const FACTORS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
}

/** Bytes of a size as typed: “50 GB”, “1.5 TiB”, “512M”; gigabytes where no unit is given. null for anything else. */
export function parseSize(typed: string): number | null {
  const [, digits, unit = ''] = /^(\d{1,15}(?:[.,]\d{1,9})?)\s*([a-z]*)$/.exec(typed.trim().toLowerCase()) ?? []
  const factor = unit === '' ? FACTORS.gb : FACTORS[unit]
  if (digits === undefined || factor === undefined) return null
  const bytes = Math.round(Number(digits.replace(',', '.')) * factor)
  return Number.isSafeInteger(bytes) ? bytes : null
}

const EXACT: readonly [unit: string, factor: number][] = [
  ['TiB', 1024 ** 4],
  ['TB', 1000 ** 4],
  ['GiB', 1024 ** 3],
  ['GB', 1000 ** 3],
  ['MiB', 1024 ** 2],
  ['MB', 1000 ** 2],
]

/** A size as it is to be edited: `parseSize` gives the same bytes again. */
export function sizeText(bytes: number): string {
  const exact = EXACT.find(([, factor]) => bytes >= factor && (bytes * 100) % factor === 0)
  return exact === undefined ? `${bytes} B` : `${bytes / exact[1]} ${exact[0]}`
}
