import headless from '@xterm/headless'
import { expect, test } from 'vitest'
import { cut, dump, flood, random } from '../../shared/testing/random-flood'
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
  await new Promise<void>((resolve) => terminal.write(screen.picture().painting, resolve))
  screen.dispose()
  return dump(terminal)
}

test.each([
  ['plain lines and colours', 1, { lines: 20_000 }],
  ['lines that move up and down', 2, { lines: 20_000, moving: 0.1 }],
  ['what clears, scrolls a part, or changes the buffer, seldom', 3, { lines: 20_000, moving: 0.1, rare: 0.0005 }],
  ['such things often', 4, { lines: 6000, rare: 0.02 }],
])('a flood of %s leaves the screen as if all of it had been drawn', async (_, seed, options) => {
  const next = random(seed)
  const total = flood(next, options)
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
  expect(screen.pending()).toBeLessThan(chunk.length * 5)
  await screen.settle()
  // Each write to the terminal tells of its progress once: 500 would be all of them.
  expect(written.length).toBeLessThan(20)
  screen.dispose()
})
