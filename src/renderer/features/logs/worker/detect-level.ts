import { levelNumber } from './line-flags'

/** A level is looked for in so many bytes at the beginning of a line. */
const LOOKED_AT = 160
const ESCAPE = 0x1b

const WORDS: readonly [word: string, level: number][] = [
  ['trace', levelNumber('trace')],
  ['debug', levelNumber('debug')],
  ['info', levelNumber('info')],
  ['notice', levelNumber('info')],
  ['warning', levelNumber('warn')],
  ['warn', levelNumber('warn')],
  ['error', levelNumber('error')],
  ['err', levelNumber('error')],
  ['fatal', levelNumber('fatal')],
  ['critical', levelNumber('fatal')],
  ['panic', levelNumber('fatal')],
]
const byFirstLetter = new Map<number, { bytes: Uint8Array; level: number }[]>()
for (const [word, level] of WORDS) {
  const bytes = new TextEncoder().encode(word)
  const first = bytes[0] ?? 0
  byFirstLetter.set(first, [...(byFirstLetter.get(first) ?? []), { bytes, level }])
}

const isLetter = (byte: number) => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a

/**
 * The level that a line names, as a number of `LEVELS`; 0 when it names none. A word counts in capitals (`ERROR`), as a value (`level=error`,
 * `"level":"error"`), in brackets (`[warn]`), or at the line's beginning before a colon (`error: …`), so that plain prose has no level.
 */
export function detectLevel(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + LOOKED_AT)
  let index = start
  while (index < limit) {
    const byte = bytes[index] ?? 0
    if (byte === ESCAPE) {
      index = afterEscape(bytes, index, limit)
      continue
    }
    if (!isLetter(byte)) {
      index++
      continue
    }
    let wordEnd = index + 1
    while (wordEnd < limit && isLetter(bytes[wordEnd] ?? 0)) wordEnd++
    const level = levelOfWord(bytes, index, wordEnd, start, end)
    if (level !== 0) return level
    index = wordEnd
  }
  return 0
}

function levelOfWord(bytes: Uint8Array, from: number, to: number, start: number, end: number): number {
  const candidates = byFirstLetter.get((bytes[from] ?? 0) | 0x20)
  if (candidates === undefined || to - from > 8) return 0
  const found = candidates.find(
    ({ bytes: word }) => word.length === to - from && word.every((byte, at) => ((bytes[from + at] ?? 0) | 0x20) === byte),
  )
  if (found === undefined) return 0
  const first = bytes[from] ?? 0
  const second = bytes[from + 1] ?? 0
  const isCapitals = first < 0x61 && second < 0x61
  const beforeWord = from > start ? (bytes[from - 1] ?? 0) : 0
  const afterWord = to < end ? (bytes[to] ?? 0) : 0
  const isValue = beforeWord === 0x3d || beforeWord === 0x22
  const isBracketed =
    (beforeWord === 0x5b && afterWord === 0x5d) ||
    (beforeWord === 0x3c && afterWord === 0x3e) ||
    (beforeWord === 0x28 && afterWord === 0x29)
  const isHeading = afterWord === 0x3a && (from === start || beforeWord === 0x20 || beforeWord === 0x6d)
  if (isCapitals || isBracketed || isHeading) return found.level
  return isValue && namesLevel(bytes, start, from) ? found.level : 0
}

/** `level=`, `lvl=`, `severity=`, and the same in JSON, stand before the word. */
function namesLevel(bytes: Uint8Array, start: number, from: number): boolean {
  let at = from - 1
  while (at > start && !isLetter(bytes[at] ?? 0)) at--
  const last = (bytes[at] ?? 0) | 0x20
  const before = (bytes[at - 1] ?? 0) | 0x20
  // …el of level, …vl of lvl, …ty of severity.
  return (last === 0x6c && (before === 0x65 || before === 0x76)) || (last === 0x79 && before === 0x74)
}

function afterEscape(bytes: Uint8Array, index: number, limit: number): number {
  let at = index + 2
  while (at < limit && ((bytes[at] ?? 0) < 0x40 || (bytes[at] ?? 0) > 0x7e)) at++
  return at + 1
}
