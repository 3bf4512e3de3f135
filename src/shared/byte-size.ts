/*
 * Sizes as people write and read them, for every door. One convention: units are powers of 1024, however they are spelled, as in Docker’s
 * `--memory`: 4G, 4GB and 4 GiB are all 4 × 1024³ bytes. Berth itself writes KiB, MiB, GiB, which nobody can take for anything else.
 */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const SIZE = /^(\d{1,15}(?:[.,]\d{1,9})?)\s*(?:([kmgtp])i?b?|b)?$/

/** For messages and placeholders, wherever a size is typed. */
export const SIZE_EXAMPLES = '4G, 500M or 1.5 TiB'
/** For help texts. */
export const SIZE_NOTE = 'Sizes: 4G, 500 MB or 1.5 TiB. Units are powers of 1024: G, GB and GiB are the same.'
export const NOT_A_SIZE = `Enter a size such as ${SIZE_EXAMPLES}.`

/**
 * Bytes of a size as typed: “4G”, “4GB”, “4 GiB” and “4g” are the same, “1.5T” is one and a half, “65536” and “65536 B” are bytes. Units are powers of 1024. null for
 * what is no size, for none at all, and for more than a number can tell exactly.
 */
export function parseSize(typed: string): number | null {
  const [, digits, unit = 'b'] = SIZE.exec(typed.trim().toLowerCase()) ?? []
  if (digits === undefined) return null
  const bytes = Math.round(Number(digits.replace(',', '.')) * 1024 ** 'bkmgtp'.indexOf(unit))
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null
}

/** “2.1 GiB”, in powers of 1024; one decimal at most. */
export function formatBytes(bytes: number): string {
  const unit = unitOf(bytes)
  return `${inUnit(bytes, unit)} ${UNITS[unit]}`
}

/** “1.2/4.1 GiB”, for narrow places: both in the unit of the whole. */
export function formatBytesOf(done: number, total: number): string {
  const unit = unitOf(total)
  return `${inUnit(done, unit)}/${inUnit(total, unit)} ${UNITS[unit]}`
}

/** A size as it is to be edited: `parseSize` gives the same bytes again. */
export function sizeText(bytes: number): string {
  for (let unit = UNITS.length - 1; unit > 0; unit--) {
    const factor = 1024 ** unit
    if (bytes >= factor && (bytes * 100) % factor === 0) return `${bytes / factor} ${UNITS[unit]}`
  }
  return `${bytes} B`
}

/** The largest in which it is shown as one or more, once it is rounded. */
function unitOf(bytes: number): number {
  let unit = 0
  while (unit < UNITS.length - 1 && Math.round(bytes / 1024 ** unit) >= 1024) unit++
  return unit
}

function inUnit(bytes: number, unit: number): string {
  const value = bytes / 1024 ** unit
  return value.toFixed(unit === 0 || value >= 99.95 ? 0 : 1).replace(/\.0$/, '')
}
