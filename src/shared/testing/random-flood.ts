import type { Terminal } from '@xterm/headless'

/** Every line with its colours, and the cursor. */
export function dump(terminal: Terminal): string[] {
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, row) => {
    const line = active.getLine(row)
    const cells = Array.from({ length: terminal.cols }, (_, column) => {
      const cell = line?.getCell(column)
      return cell && cell.getChars() !== '' ? `${cell.getChars()}:${cell.getFgColor()},${cell.getBgColor()},${cell.isBold()}` : '.'
    })
    return cells.join('')
  })
  return [...lines, `${active.type} ${active.cursorX} ${active.cursorY} ${active.length}`]
}

/** The same numbers each time: a failure can be looked at again. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** In pieces of up to so many bytes. */
export function cut(total: Buffer, next: () => number, most: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let from = 0; from < total.length; ) {
    const size = 1 + Math.floor(next() * most)
    pieces.push(total.subarray(from, from + size))
    from += size
  }
  return pieces
}

const COLOURS = ['\x1b[31m', '\x1b[1;32m', '\x1b[0m', '\x1b[m', '\x1b[48;5;20m', '\x1b[38;2;9;8;7m', '\x1b[22;39m', '\x1b[K', '\x1b[0;35m']
const MOVES = ['\x1b[A\x1b[B', '\x1b[3A', '\x1b[2B', '\x1b[F', '\x1b[2;7E', '\x1b[99B', '\x1b[12A', '\r\x1b[1A']
const RARE = [
  '\x1b[2J\x1b[H',
  '\x1b[3;7r',
  '\x1b[r',
  '\x1b[?1049h',
  '\x1b[?1049l',
  '\x1bM',
  '\x1b]0;title\x07',
  '\x1bP1;2|a\r\nb\x1b\\',
  '\n',
  '\x1b7',
]

interface FloodOptions {
  lines: number
  /** How many of the lines move up or down, and how many are not plain output. */
  moving?: number
  rare?: number
}

/** Lines, some coloured, some wider than the screen. */
export function flood(next: () => number, { lines, moving = 0, rare = 0 }: FloodOptions): Buffer {
  const oneOf = (all: readonly string[]) => all[Math.floor(next() * all.length)] ?? ''
  const parts: string[] = []
  for (let line = 0; line < lines; line++) {
    if (next() < 0.5) parts.push(oneOf(COLOURS))
    parts.push(`${line} €漢字🙂 `, 'x'.repeat(Math.floor(next() * 90)))
    if (next() < 0.3) parts.push(oneOf(COLOURS), 'tail')
    if (next() < moving) parts.push(oneOf(MOVES))
    if (next() < rare) parts.push(oneOf(RARE))
    parts.push('\r\n')
  }
  return Buffer.from(parts.join(''))
}
