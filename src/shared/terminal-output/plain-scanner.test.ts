import { expect, test } from 'vitest'
import { createPlainScanner, type Scanned } from './plain-scanner'

function scanned(text: string, cut?: number): Pick<Scanned, 'plain' | 'lines'> {
  const scanner = createPlainScanner()
  const bytes = Buffer.from(text)
  if (cut === undefined) {
    const { plain, lines } = scanner.scan(bytes)
    return { plain, lines }
  }
  const [first, second] = [scanner.scan(bytes.subarray(0, cut)), scanner.scan(bytes.subarray(cut))]
  return { plain: first.plain && second.plain, lines: first.lines + second.lines }
}

const PADDING = 'a line that is long enough to be looked at in one go, with 全角 and é\r\n'

const PLAIN = {
  'text with tabs and bells': ['one\ttwo\x07\r\n', 1],
  'colours, erasing and moving in the line': ['\x1b[1;38;2;1;2;3mred\x1b[K\x1b[4C\x1b[2D\x1b[1G\x1b[3X\x1b[2@\x1b[P\x1b[m\r\n', 1],
  'several line ends': ['\r\n\r\n\r\n', 3],
  'characters of several bytes': ['é🚢全\r\n', 1],
} as const

test.each(Object.entries(PLAIN))('%s is plain, wherever it is cut', (_, [text, lines]) => {
  for (const whole of [text, PADDING + text + PADDING]) {
    const expected = { plain: true, lines: whole === text ? lines : lines + 2 }
    expect(scanned(whole)).toEqual(expected)
    for (let cut = 0; cut <= Buffer.byteLength(whole); cut++) expect(scanned(whole, cut)).toEqual(expected)
  }
})

const NOT_PLAIN = {
  'a line end without a return': 'one\ntwo',
  'a backspace': 'one\x08',
  'a cursor that moves to a place': '\x1b[2H',
  'a cleared screen': '\x1b[2J',
  'a private mode': '\x1b[?1049h',
  'a question': '\x1b[>c',
  'a title': '\x1b]0;title\x07',
  'a saved cursor': '\x1b7',
  'a cancelled sequence': '\x1b[3\x18',
  'a control character beyond ASCII': 'one\u0085two',
}

test.each(Object.entries(NOT_PLAIN))('%s is not plain, wherever it is cut', (_, text) => {
  for (const whole of [text, PADDING + text + PADDING]) {
    expect(scanned(whole).plain).toBe(false)
    for (let cut = 0; cut <= Buffer.byteLength(whole); cut++) expect(scanned(whole, cut).plain).toBe(false)
  }
})

test.each([
  ['\x1b[A\x1b[B\r\n', 0],
  ['\r\n\r\n\x1b[0F\x1b[E', 1],
  ['\x1b[12;3A\r\n', -11],
  ['\x1b[;7A', -1],
])('%j goes down by %d lines', (text, lines) => {
  const whole = PADDING + text + PADDING
  for (let cut = 0; cut <= Buffer.byteLength(whole); cut++) expect(scanned(whole, cut)).toEqual({ plain: true, lines: lines + 2 })
})

test('what follows what was not plain is seen for itself', () => {
  const scanner = createPlainScanner()
  expect(scanner.scan(Buffer.from('\x1b]0;a long')).plain).toBe(false)
  expect(scanner.scan(Buffer.from(' title\x07')).plain).toBe(false)
  expect(scanner.scan(Buffer.from(PADDING))).toEqual({ plain: true, lines: 1, hasSequences: false, hasBells: false })
})
