import { expect, test } from 'vitest'
import { cutToWidth, shorten, textWidth } from './text-width'

test.each([
  ['', 0],
  ['abc', 3],
  ['naïve', 5],
  // Of two code points.
  ['e\u0301', 1],
  ['日本語', 6],
  ['한국어', 6],
  // Decomposed.
  ['\u1112\u1161\u11ab', 2],
  ['ｱｲｳ', 3],
  ['ＡＢ', 4],
  ['🚀', 2],
  ['👩‍💻', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['❤', 1],
  ['◐ ● ✔', 5],
  ['a\u200bb', 2],
  ['שלום', 4],
  ['\u001b[31mred\u001b[39m', 3],
])('“%s” takes %d cells', (text, cells) => {
  expect(textWidth(text)).toBe(cells)
})

test('cutting takes no more cells than there are, and cuts no character in two', () => {
  expect(cutToWidth('abcdef', 4)).toBe('abcd')
  expect(cutToWidth('日本語', 4)).toBe('日本')
  expect(cutToWidth('a日本', 4)).toBe('a日')
  expect(cutToWidth('👩‍💻👩‍💻', 3)).toBe('👩‍💻')
  expect(cutToWidth('abc', -1)).toBe('')
})

test('what is left out is shown', () => {
  expect(shorten('abcdef', 6)).toBe('abcdef')
  expect(shorten('abcdef', 4)).toBe('abc…')
  expect(shorten('日本語', 4)).toBe('日…')
})
