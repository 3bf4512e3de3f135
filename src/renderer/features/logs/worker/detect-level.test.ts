import { expect, it } from 'vitest'
import { detectLevel } from './detect-level'
import { LEVELS } from './line-flags'

const level = (text: string) => {
  const bytes = new TextEncoder().encode(text)
  return LEVELS[detectLevel(bytes, 0, bytes.length)]
}

it.each([
  ['2026-01-01 12:00:00 ERROR it broke', 'error'],
  ['time="2026-01-01T00:00:00Z" level=warning msg="a b"', 'warn'],
  ['{"level":"info","msg":"x"}', 'info'],
  ['{"severity": "CRITICAL"}', 'fatal'],
  ['[debug] connected', 'debug'],
  ['error: no such file', 'error'],
  ['npm warn: old', 'warn'],
  ['\x1b[33mWARN\x1b[0m careful', 'warn'],
  ['<err> printer on fire', 'error'],
  ['no error here', 'none'],
  ['see "info" below', 'none'],
  ['Information about errors', 'none'],
  ['', 'none'],
])('%s is %s', (text, expected) => {
  expect(level(text)).toBe(expected)
})
