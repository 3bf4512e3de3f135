import type { ITheme } from '@xterm/xterm'

/** What xterm calls a colour, and what ui/tokens.css does (after `--terminal-`). */
const COLOURS = [
  ['background', 'background'],
  ['foreground', 'foreground'],
  ['cursor', 'cursor'],
  ['cursorAccent', 'background'],
  ['selectionBackground', 'selection'],
  ['black', 'black'],
  ['red', 'red'],
  ['green', 'green'],
  ['yellow', 'yellow'],
  ['blue', 'blue'],
  ['magenta', 'magenta'],
  ['cyan', 'cyan'],
  ['white', 'white'],
  ['brightBlack', 'bright-black'],
  ['brightRed', 'bright-red'],
  ['brightGreen', 'bright-green'],
  ['brightYellow', 'bright-yellow'],
  ['brightBlue', 'bright-blue'],
  ['brightMagenta', 'bright-magenta'],
  ['brightCyan', 'bright-cyan'],
  ['brightWhite', 'bright-white'],
] as const satisfies [keyof ITheme, string][]

/** The terminal's colours as the page has them now. */
export function readTerminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(`--terminal-${name}`).trim()
  const slider = token('bright-black')
  const theme: ITheme = {
    scrollbarSliderBackground: `${slider}55`,
    scrollbarSliderHoverBackground: `${slider}88`,
    scrollbarSliderActiveBackground: `${slider}aa`,
  }
  for (const [colour, name] of COLOURS) theme[colour] = token(name)
  return theme
}

export function readTerminalFont(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--font-mono').trim() || 'monospace'
}

/** Calls `listener` whenever the page changes between light and dark; returns what ends that. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
