/** First bytes of the images that browsers draw. */
const SIGNATURES: readonly [mediaType: string, at: number, bytes: string][] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF87a'],
  ['image/gif', 0, 'GIF89a'],
  ['image/webp', 8, 'WEBPVP8'],
  ['image/avif', 4, 'ftypavif'],
  ['image/bmp', 0, 'BM'],
  ['image/x-icon', 0, '\x00\x00\x01\x00'],
]

/** By its contents, since a name proves nothing. null if it is not an image. */
export function imageType(bytes: Buffer): string | null {
  const found = SIGNATURES.find(([, at, signature]) => bytes.toString('latin1', at, at + signature.length) === signature)
  return found?.[0] ?? null
}

/** The bytes as text, which may be cut within a character at the end; null if it is not text. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    // Not UTF-8: there is no other way to learn that.
    return null
  }
}
