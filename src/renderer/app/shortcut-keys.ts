import { isMac } from '../ui/platform'

const NAMED: Readonly<Record<string, string>> = { '↑': 'ArrowUp', '↓': 'ArrowDown' }

/** Whether an event is of these keys, which are written as `Kbd` shows them: “Mod Shift P”. */
export function matchesKeys(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split(' ')
  const key = parts.at(-1) ?? ''
  const has = (modifier: string) => parts.slice(0, -1).includes(modifier)
  if (event.ctrlKey !== (has('Mod') && !isMac) || event.metaKey !== (has('Mod') && isMac) || event.altKey !== has('Alt')) return false
  // By place rather than by letter: with Alt a Mac types other letters.
  if (has('Alt')) return !event.shiftKey && event.code === codeOf(key)
  // Characters such as “?” take Shift on some keyboards and not on others.
  if (/^[A-Z]$/.test(key)) return event.shiftKey === has('Shift') && event.key.toLowerCase() === key.toLowerCase()
  return event.key === (NAMED[key] ?? key)
}

function codeOf(key: string): string {
  if (/^\d$/.test(key)) return `Digit${key}`
  return NAMED[key] ?? `Key${key}`
}
