import { expect, test } from 'vitest'
import { fakeStream } from '../../testing/fake-host'
import { paintFor } from './paint'
import { oneLine, terminalJson, terminalText } from './plain-text'

test('colour is for terminals, and NO_COLOR and FORCE_COLOR are obeyed', () => {
  const red = (isTTY: boolean, env: Record<string, string>) => paintFor(fakeStream({ isTTY }), env)('red', 'x')
  expect(red(true, {})).toBe('\u001b[31mx\u001b[39m')
  expect(red(true, { NO_COLOR: '' })).toBe('\u001b[31mx\u001b[39m')
  for (const plain of [red(false, {}), red(true, { NO_COLOR: '1' }), red(true, { TERM: 'dumb' }), red(true, { FORCE_COLOR: '0' })])
    expect(plain).toBe('x')
  expect(red(false, { FORCE_COLOR: '1' })).toBe('\u001b[31mx\u001b[39m')
})

test('text from elsewhere becomes one line without control characters', () => {
  expect(oneLine(' a\u001b[31m b\r\n\tc\u0007\u009b ')).toBe('a b c')
})

test('what a terminal would obey is taken out of text, and colours stay', () => {
  const title = '\u001b]0;owned\u0007'
  const link = '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\'
  const clipboard = '\u001b]52;c;ZWNobyBvd25lZA==\u0007'
  for (const text of [
    title,
    link,
    clipboard,
    '\u001b[2J',
    '\u001bP1$q\u001b\\',
    '\u009b31mx',
    '\u001b]0;open',
    'a\rb',
    '\u001b]0;a\u001b[31mb\u0007',
  ]) {
    for (const clean of [terminalText(text), oneLine(text)]) expect(clean.replaceAll('\u001b[31m', '')).not.toMatch(/\p{Cc}/u)
  }
  expect(terminalText('a\t\u001b[1;31mred\u001b[0m\nb')).toBe('a\t\u001b[1;31mred\u001b[0m\nb')
})

test('marks of direction are shown, not obeyed', () => {
  expect(oneLine('report\u202efdp.exe')).toBe('report\\u202efdp.exe')
  expect(terminalText('a\u2066b\u200f')).toBe('a\\u2066b\\u200f')
})

test('JSON for a terminal is the same document', () => {
  const value = { label: 'a\u009b31m\u202eb\u007f' }
  const json = terminalJson(JSON.stringify(value))
  expect(json).toMatch(/^[\x20-\x7e]*$/)
  expect(JSON.parse(json)).toEqual(value)
})
