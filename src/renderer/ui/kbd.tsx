import { isMac } from './platform'

const MAC_SYMBOLS: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Enter: '↩' }

function shown(key: string): string {
  if (isMac) return MAC_SYMBOLS[key] ?? key
  return key === 'Mod' ? 'Ctrl' : key
}

/** Keys, parted by spaces: “Mod K”. `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex shrink-0 gap-0.5">
      {keys.split(' ').map((key) => (
        <kbd
          key={key}
          className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm border border-line-strong px-1 font-sans text-[10px] text-ink-muted"
        >
          {shown(key)}
        </kbd>
      ))}
    </span>
  )
}
