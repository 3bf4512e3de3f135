import type { Settings } from '../../../shared/contract/settings'

const LOWEST_PORT = 1024
const HIGHEST_PORT = 65_535
const MOST_KEPT = 100
const MIN_FONT_SIZE = 8
const MAX_FONT_SIZE = 32
const MOST_SCROLLBACK = 100_000
const LONGEST_FONT = 256

type Checked<Value> = { ok: true; value: Value } | { ok: false; problem: string }

/** A whole number as typed; null for anything else. */
function wholeNumber(typed: string): number | null {
  return /^\d{1,6}$/.test(typed.trim()) ? Number(typed.trim()) : null
}

export function checkPortRange(from: string, to: string): Checked<Settings['sshPorts']> {
  const first = wholeNumber(from)
  const last = wholeNumber(to)
  if (first === null || last === null) return { ok: false, problem: 'Two whole numbers are needed.' }
  if (first < LOWEST_PORT || last > HIGHEST_PORT) return { ok: false, problem: `Ports are from ${LOWEST_PORT} to ${HIGHEST_PORT}.` }
  if (first > last) return { ok: false, problem: 'The range ends before it starts.' }
  return { ok: true, value: { from: first, to: last } }
}

export function checkFontSize(typed: string): Checked<number> {
  const size = wholeNumber(typed)
  if (size === null || size < MIN_FONT_SIZE || size > MAX_FONT_SIZE) {
    return { ok: false, problem: `A whole number from ${MIN_FONT_SIZE} to ${MAX_FONT_SIZE}.` }
  }
  return { ok: true, value: size }
}

export function checkScrollback(typed: string): Checked<number> {
  const lines = wholeNumber(typed)
  return lines === null || lines > MOST_SCROLLBACK
    ? { ok: false, problem: `A whole number from 0 to ${MOST_SCROLLBACK.toLocaleString('en')}.` }
    : { ok: true, value: lines }
}

/** Empty means Berth's own. */
export function checkFontFamily(typed: string): Checked<string | null> {
  const family = typed.trim()
  if (family.length > LONGEST_FONT) return { ok: false, problem: `At most ${LONGEST_FONT} characters.` }
  if (/[;{}]/.test(family)) return { ok: false, problem: 'The name of a font, or several with commas between them.' }
  return { ok: true, value: family === '' ? null : family }
}

export function checkSnapshotsKept(typed: string): Checked<number> {
  const count = wholeNumber(typed)
  return count === null || count > MOST_KEPT ? { ok: false, problem: `A whole number from 0 to ${MOST_KEPT}.` } : { ok: true, value: count }
}

/** Empty means that Berth looks for the engine itself. */
export function checkEndpoint(typed: string): Checked<string | null> {
  const endpoint = typed.trim()
  if (endpoint === '') return { ok: true, value: null }
  const known = ['unix://', 'tcp://', 'npipe://', 'http://', 'https://', 'ssh://'].some((scheme) => endpoint.startsWith(scheme))
  return known
    ? { ok: true, value: endpoint }
    : { ok: false, problem: 'Give an address such as unix:///var/run/docker.sock or tcp://host:2375.' }
}

/** Empty means Berth's own image. */
export function checkImage(typed: string): Checked<string | null> {
  const image = typed.trim()
  if (image.includes(' ')) return { ok: false, problem: 'An image reference has no spaces: debian:12, ghcr.io/owner/image:tag.' }
  if (image.length > 512) return { ok: false, problem: 'At most 512 characters.' }
  return { ok: true, value: image === '' ? null : image }
}
