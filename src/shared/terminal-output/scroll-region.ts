/** What of an xterm, with or without a page, is needed here. */
interface TerminalWithParser {
  readonly rows: number
  readonly buffer: { readonly active: { readonly type: 'normal' | 'alternate' } }
  readonly parser: {
    registerCsiHandler(id: { intermediates?: string; final: string }, handler: (parameters: (number | number[])[]) => boolean): unknown
    registerEscHandler(id: { final: string }, handler: () => boolean): unknown
  }
}

export interface ScrollRegion {
  /** The rows between which lines scroll, counted from 1; null while that is the whole screen. */
  rows(): { top: number; bottom: number } | null
  /** Whether a line end at the bottom scrolls the whole screen, and what goes out at the top is kept. */
  scrollsScreen(): boolean
  /** A resize takes it away. */
  forget(): void
}

/** Follows which part of the screen scrolls, which xterm does not tell. */
export function trackScrollRegion(terminal: TerminalWithParser): ScrollRegion {
  let region: { top: number; bottom: number } | null = null
  const forget = () => {
    region = null
    // False hands it on to the terminal's own handler.
    return false
  }
  terminal.parser.registerCsiHandler({ final: 'r' }, ([top, bottom]) => {
    const first = typeof top === 'number' && top > 0 ? top : 1
    const last = typeof bottom === 'number' && bottom > 0 ? Math.min(bottom, terminal.rows) : terminal.rows
    if (last > first) region = first === 1 && last === terminal.rows ? null : { top: first, bottom: last }
    return false
  })
  terminal.parser.registerCsiHandler({ intermediates: '!', final: 'p' }, forget)
  terminal.parser.registerEscHandler({ final: 'c' }, forget)
  return {
    rows: () => region,
    scrollsScreen: () => region === null && terminal.buffer.active.type === 'normal',
    forget,
  }
}
