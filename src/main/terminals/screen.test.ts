import headless from '@xterm/headless'
import { expect, test, vi } from 'vitest'
import { createScreen, type Screen } from './screen'

const SCROLLBACK_LINES = 500

function open(listeners: { onTitle?: (title: string) => void; onReply?: (reply: string) => void } = {}): Screen {
  return createScreen({
    cols: 20,
    rows: 5,
    scrollback: SCROLLBACK_LINES,
    onTitle: () => {},
    onReply: () => {},
    onProgress: () => {},
    ...listeners,
  })
}

async function write(screen: Screen, text: string | Uint8Array): Promise<void> {
  screen.write(Buffer.from(text))
  await screen.settle()
}

/** What a window shows that was given the painting and what comes right after it. */
async function show(screen: Screen, after = ''): Promise<{ terminal: headless.Terminal; lines: string[] }> {
  const terminal = new headless.Terminal({ cols: 20, rows: 5, scrollback: SCROLLBACK_LINES, allowProposedApi: true })
  for (const bytes of [screen.picture().painting, screen.picture().unfinished, Buffer.from(after)]) {
    await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  }
  const { active } = terminal.buffer
  return { terminal, lines: Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? '') }
}

test('paints text, scrollback and the place of the cursor', async () => {
  const screen = open()
  await write(screen, 'one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\x1b[2;3H')
  const { terminal, lines } = await show(screen)
  expect(lines).toEqual(['one', 'two', 'three', 'four', 'five', 'six'])
  expect([terminal.buffer.active.cursorX, terminal.buffer.active.cursorY]).toEqual([2, 1])
})

test('a character cut in two is whole for whoever joins in between', async () => {
  const screen = open()
  const euro = Buffer.from('€')
  await write(screen, Buffer.concat([Buffer.from('5 '), euro.subarray(0, 2)]))
  const terminal = new headless.Terminal({ cols: 20, rows: 5, allowProposedApi: true })
  for (const bytes of [screen.picture().painting, screen.picture().unfinished, euro.subarray(2)])
    await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('5 €')
})

test('a colour cut in two does not come out as text', async () => {
  const screen = open()
  await write(screen, 'a\x1b[3')
  expect((await show(screen, '1mb')).lines[0]).toBe('ab')
})

test('scrolls in the region that a program has set, with the cursor where it was', async () => {
  const screen = open()
  await write(screen, 'top\x1b[2;4r\x1b[3;1Hmid')
  const { lines } = await show(screen, '\r\n\n\nlast')
  expect([lines[0], lines[1], lines[2], lines[3]]).toEqual(['top', '', '', 'last'])
})

test('takes over a hidden cursor, mouse encoding and title, and not what was reset', async () => {
  const screen = open()
  await write(screen, '\x1b[?25l\x1b[?1002;1006h\x1b[4 q\x1b]2;make all\x07')
  const painted = Buffer.from(screen.picture().painting).toString()
  expect(painted).toContain('\x1b[?25l')
  expect(painted).toContain('\x1b[?1002h')
  expect(painted).toContain('\x1b[?1006h')
  expect(painted).toContain('\x1b[4 q')
  expect(painted).toContain('\x1b]2;make all\x07')
  await write(screen, '\x1bc')
  expect(Buffer.from(screen.picture().painting).toString()).toBe('\x1b]2;make all\x07')
})

test('tells titles without control characters, and at most 256 long', async () => {
  const onTitle = vi.fn()
  const screen = open({ onTitle })
  await write(screen, `\x1b]0;vim\tnotes${'!'.repeat(400)}\x07`)
  expect(onTitle).toHaveBeenCalledWith(`vimnotes${'!'.repeat(248)}`)
})

test('paints no write to the clipboard, and answers no question for what is on it', async () => {
  const onReply = vi.fn()
  const screen = open({ onReply })
  await write(screen, 'before \x1b]52;c;c2VjcmV0\x07\x1b]52;c;?\x07after')
  expect(Buffer.concat([screen.picture().painting, screen.picture().unfinished]).toString()).toContain('before after')
  expect(Buffer.from(screen.picture().painting).toString()).not.toContain(']52')
  expect(onReply).not.toHaveBeenCalled()
})

test('answers a program that asks where the cursor is', async () => {
  const onReply = vi.fn()
  await write(open({ onReply }), 'ab\x1b[6n')
  expect(onReply).toHaveBeenCalledWith('\x1b[1;3R')
})

test('keeps a bounded scrollback', async () => {
  const screen = open()
  await write(screen, 'line\r\n'.repeat(SCROLLBACK_LINES * 2))
  expect((await show(screen)).lines.length).toBeLessThanOrEqual(SCROLLBACK_LINES + 5)
})
