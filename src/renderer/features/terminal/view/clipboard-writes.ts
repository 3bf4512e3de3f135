import type { Terminal } from '@xterm/xterm'

const CLIPBOARD_SEQUENCE = 52
const MAX_BYTES = 1024 * 1024
const MAX_BASE64_LENGTH = Math.ceil(MAX_BYTES / 3) * 4

/**
 * Tells what programs want to write to the clipboard (OSC 52). Queries get no answer: what is on the clipboard is none of their business. The
 * screens that the core paints hold no such sequence, so that none comes twice.
 */
export function catchClipboardWrites(terminal: Pick<Terminal, 'parser'>, onWrite: (text: string) => void): void {
  terminal.parser.registerOscHandler(CLIPBOARD_SEQUENCE, (data) => {
    const text = writtenText(data)
    if (text !== null) onWrite(text)
    return true
  })
}

/** Of `SELECTIONS;BASE64`; null for a query, for other selections than the clipboard, and for what is empty, too long or no text in base64. */
function writtenText(data: string): string | null {
  const separator = data.indexOf(';')
  const selections = data.slice(0, separator)
  const base64 = data.slice(separator + 1)
  if (separator === -1 || (selections !== '' && !selections.includes('c'))) return null
  if (base64 === '' || base64 === '?' || base64.length > MAX_BASE64_LENGTH) return null
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
