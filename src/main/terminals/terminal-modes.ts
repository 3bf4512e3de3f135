import type { Terminal } from '@xterm/headless'
import type { ScrollRegion } from '../../shared/terminal-output/scroll-region'

/** DECSET numbers that the serializer leaves out: mouse encodings, and the cursor, which alone is on at first. */
const MOUSE_ENCODINGS = [1005, 1006, 1015, 1016]
const CURSOR_VISIBLE = 25

export interface TerminalModes {
  /** Escape sequences that bring a fresh terminal into the modes this one is in; they come after the serializer's. */
  sequences(): string
}

/** Keeps what @xterm/addon-serialize does not know of. */
export function trackModes(terminal: Terminal, region: ScrollRegion): TerminalModes {
  const mouseEncodings = new Set<number>()
  let cursorHidden = false
  let cursorStyle: number | null = null

  const setPrivate = (on: boolean) => (parameters: (number | number[])[]) => {
    for (const mode of parameters) {
      if (mode === CURSOR_VISIBLE) cursorHidden = !on
      if (typeof mode === 'number' && MOUSE_ENCODINGS.includes(mode)) {
        if (on) mouseEncodings.add(mode)
        else mouseEncodings.delete(mode)
      }
    }
    // False hands it on to the terminal's own handler.
    return false
  }
  const softReset = () => {
    cursorHidden = false
    return false
  }
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, setPrivate(true))
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, setPrivate(false))
  terminal.parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, ([style]) => {
    cursorStyle = typeof style === 'number' ? style : null
    return false
  })
  terminal.parser.registerCsiHandler({ intermediates: '!', final: 'p' }, softReset)
  terminal.parser.registerEscHandler({ final: 'c' }, () => {
    mouseEncodings.clear()
    cursorStyle = null
    return softReset()
  })

  return {
    sequences() {
      const { cursorX, cursorY } = terminal.buffer.active
      const scrollRegion = region.rows()
      // Setting the region moves the cursor, so it is put back; in origin mode its place counts from the region's top.
      const row = cursorY + 1 - (terminal.modes.originMode && scrollRegion ? scrollRegion.top - 1 : 0)
      return [
        scrollRegion ? `\x1b[${scrollRegion.top};${scrollRegion.bottom}r\x1b[${row};${cursorX + 1}H` : '',
        ...[...mouseEncodings].map((mode) => `\x1b[?${mode}h`),
        cursorStyle === null ? '' : `\x1b[${cursorStyle} q`,
        cursorHidden ? '\x1b[?25l' : '',
      ].join('')
    },
  }
}
