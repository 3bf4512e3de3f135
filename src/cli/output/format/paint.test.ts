import { expect, test } from 'vitest'
import { fakeStream } from '../../testing/fake-host'
import { paintFor } from './paint'
import { cutToColumns, oneLine } from './plain-text'

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

test('cutting never takes more cells than there are', () => {
  expect(cutToColumns('abcdef', 4)).toBe('abcd')
  expect(cutToColumns('日本語', 4)).toBe('日本')
  expect(cutToColumns('a日本', 4)).toBe('a日')
})
