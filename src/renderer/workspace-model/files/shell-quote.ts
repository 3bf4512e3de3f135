/** A path as one word of a POSIX shell. What a terminal would obey (a line feed, say) never gets there as it is. */
export function shellQuote(path: string): string {
  if (/^[\w@%+=:,./-]+$/.test(path)) return path
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const hasControls = /[\u0000-\u001f\u007f-\u009f]/.test(path)
  if (!hasControls) return `'${path.replaceAll("'", "'\\''")}'`
  const bytes = [...new TextEncoder().encode(path)]
  const isPlain = (byte: number) => byte > 0x20 && byte < 0x7f && !["'", '\\'].includes(String.fromCharCode(byte))
  return `$'${bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('')}'`
}
