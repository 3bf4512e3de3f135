const ESCAPE = 0x1b
const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const TAB = 0x09

/**
 * Lines of text without escape sequences and control characters, as `plainLine` of `ansi-line.ts` has them: of a line that was written over
 * again and again only what stays. The number of lines is the same.
 */
export function plainBytes(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(text.length)
  let length = 0
  let lineStart = 0
  let index = 0
  while (index < text.length) {
    const byte = text[index] ?? 0
    if (byte >= 0x20 && byte !== 0x7f) {
      // C1 controls: in UTF-8 C2 and 80 to 9F.
      if (byte === 0xc2 && (text[index + 1] ?? 0) < 0xa0) {
        index += 2
        continue
      }
      plain[length++] = byte
      index++
    } else if (byte === NEWLINE) {
      plain[length++] = byte
      lineStart = length
      index++
    } else if (byte === ESCAPE) {
      index = afterSequence(text, index + 1)
    } else if (byte === CARRIAGE_RETURN) {
      if (index + 1 < text.length && text[index + 1] !== NEWLINE) length = lineStart
      index++
    } else {
      if (byte === TAB) plain[length++] = byte
      index++
    }
  }
  return plain.slice(0, length)
}

/** Where what follows an escape ends; never beyond its line. */
function afterSequence(text: Uint8Array, from: number): number {
  const kind = text[from] ?? NEWLINE
  let at = from
  if (kind === 0x5b) {
    at++
    while (at < text.length && (text[at] ?? 0) >= 0x20 && (text[at] ?? 0) <= 0x3f) at++
    const final = text[at] ?? 0
    return final >= 0x40 && final <= 0x7e ? at + 1 : at
  }
  // Strings: titles, links.
  if (kind === 0x5d || kind === 0x50 || kind === 0x58 || kind === 0x5e || kind === 0x5f) {
    for (at++; at < text.length; at++) {
      const byte = text[at] ?? 0
      if (byte === 0x07) return at + 1
      if (byte === NEWLINE) return at
      if (byte === ESCAPE) return text[at + 1] === 0x5c ? at + 2 : at
    }
    return at
  }
  while (at < text.length && (text[at] ?? 0) >= 0x20 && (text[at] ?? 0) <= 0x2f) at++
  const final = text[at] ?? 0
  return final >= 0x30 && final <= 0x7e ? at + 1 : at
}
