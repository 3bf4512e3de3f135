import { expect, test } from 'vitest'
import { shellQuote } from './shell-quote'

test.each([
  ['/home/workspace/a-b_c.txt', '/home/workspace/a-b_c.txt'],
  ['/a b', "'/a b'"],
  ["/it's", "'/it'\\''s'"],
  ['/ö “x”', "'/ö “x”'"],
  ['/$(id)`id`', "'/$(id)`id`'"],
  // What a terminal would obey comes as an escape, which bash and zsh undo.
  ["/a'\n\u001b[31mö\\", "$'/a\\x27\\x0a\\x1b[31m\\xc3\\xb6\\x5c'"],
])('%j is one word to a shell', (path, word) => {
  expect(shellQuote(path)).toBe(word)
})
