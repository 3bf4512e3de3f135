import headless from '@xterm/headless'
import { expect, test } from 'vitest'
import { createScreen } from './screen'

const COLS = 60
const ROWS = 10
const SCROLLBACK = 300

/** What a window is shown that joins after the flood. `drawn`: whether every piece was drawn before the next came. */
async function shown(pieces: Buffer[], drawn: (index: number) => boolean): Promise<string[]> {
  const options = { cols: COLS, rows: ROWS, scrollback: SCROLLBACK, onTitle: () => {}, onReply: () => {}, onProgress: () => {} }
  const screen = createScreen(options)
  for (const [index, piece] of pieces.entries()) {
    screen.write(piece)
    if (drawn(index)) await screen.settle()
    else if (index % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 0))
  }
  await screen.settle()
  const terminal = new headless.Terminal({ cols: COLS, rows: ROWS, scrollback: SCROLLBACK, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(screen.paint(), resolve))
  screen.dispose()
  return dump(terminal)
}

/** Every line with its colours, and the cursor. */
function dump(terminal: headless.Terminal): string[] {
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, row) => {
    const line = active.getLine(row)
    const cells = Array.from({ length: COLS }, (_, column) => {
      const cell = line?.getCell(column)
      return cell && cell.getChars() !== '' ? `${cell.getChars()}:${cell.getFgColor()},${cell.getBgColor()},${cell.isBold()}` : '.'
    })
    return cells.join('')
  })
  return [...lines, `${active.type} ${active.cursorX} ${active.cursorY} ${active.length}`]
}

/** The same pieces each time: a failure can be looked at again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

function cut(total: Buffer, next: () => number, most: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let from = 0; from < total.length; ) {
    const size = 1 + Math.floor(next() * most)
    pieces.push(total.subarray(from, from + size))
    from += size
  }
  return pieces
}

const COLOURS = ['\x1b[31m', '\x1b[1;32m', '\x1b[0m', '\x1b[m', '\x1b[48;5;20m', '\x1b[38;2;9;8;7m', '\x1b[22;39m', '\x1b[K', '\x1b[0;35m']
const RARE = [
  '\x1b[2J\x1b[H',
  '\x1b[3;7r',
  '\x1b[r',
  '\x1b[?1049h',
  '\x1b[?1049l',
  '\x1b[A',
  '\x1b]0;title\x07',
  '\x1bP1;2|a\r\nb\x1b\\',
  '\n',
  '\x1b7',
]

function flood(next: () => number, lines: number, rare: number): Buffer {
  const parts: string[] = []
  for (let line = 0; line < lines; line++) {
    if (next() < 0.5) parts.push(COLOURS[Math.floor(next() * COLOURS.length)] ?? '')
    parts.push(`${line} €漢字🙂 `, 'x'.repeat(Math.floor(next() * 90)))
    if (next() < 0.3) parts.push(COLOURS[Math.floor(next() * COLOURS.length)] ?? '', 'tail')
    if (next() < rare) parts.push(RARE[Math.floor(next() * RARE.length)] ?? '')
    parts.push('\r\n')
  }
  return Buffer.from(parts.join(''))
}

test.each([
  ['plain lines and colours', 1, 20_000, 0],
  ['what moves the cursor up, scrolls a part, or changes the buffer, seldom', 2, 20_000, 0.0005],
  ['such things often', 3, 6000, 0.02],
])('a flood of %s leaves the screen as if all of it had been drawn', async (_, seed, lines, rare) => {
  const next = random(seed)
  const total = flood(next, lines, rare)
  for (const most of [200_000, 40_000, 3000]) {
    const pieces = cut(total, next, most)
    expect(await shown(pieces, () => false)).toEqual(await shown(pieces, () => true))
  }
})

test('a flood of lines is held in bounded memory and mostly not drawn', async () => {
  const written: number[] = []
  const screen = createScreen({
    cols: COLS,
    rows: ROWS,
    scrollback: SCROLLBACK,
    onTitle: () => {},
    onReply: () => {},
    onProgress: () => written.push(1),
  })
  const chunk = Buffer.from(`${'some line of a flood\r\n'.repeat(3000)}`)
  for (let count = 0; count < 500; count++) {
    screen.write(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(screen.isBehind()).toBe(false)
  await screen.settle()
  // Each write to the terminal tells of its progress once: 500 would be all of them.
  expect(written.length).toBeLessThan(20)
  screen.dispose()
})
