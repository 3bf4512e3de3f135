export interface KeyPress {
  key: string
  ctrlKey: boolean
  shiftKey: boolean
  altKey: boolean
  metaKey: boolean
}

/**
 * Who gets a key pressed in a terminal. `browser`: left alone, so that the browser makes it a paste (no permission needed).
 * `app`: left alone too, and seen by the app's own shortcuts. Everything else is the shell's, Ctrl+K as well.
 */
export function keyOwner(press: KeyPress, isMac: boolean): 'shell' | 'app' | 'browser' | 'copy' {
  const key = press.key.toLowerCase()
  if (press.altKey) return 'shell'
  if (press.metaKey && !press.ctrlKey) {
    if (isMac && key === 'c' && !press.shiftKey) return 'copy'
    if (isMac && key === 'v') return 'browser'
    return 'app'
  }
  if (!press.ctrlKey) return press.key === 'Insert' && press.shiftKey ? 'browser' : 'shell'
  if (key === 'insert' && !press.shiftKey) return 'copy'
  if (press.shiftKey && key === 'c') return 'copy'
  if (press.shiftKey && key === 'v') return 'browser'
  if (press.shiftKey && key === 'p') return 'app'
  if (key === ',' || key === 'tab') return 'app'
  return 'shell'
}
