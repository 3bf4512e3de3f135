import { expect, test } from 'vitest'
import { createUnfinishedSequence } from './unfinished-sequence'

const SEQUENCES = {
  'a character of two bytes': 'é',
  'a character of four bytes': '🚢',
  'a colour': '\x1b[38;2;255;0;0m',
  'a title that ends with a bell': '\x1b]0;é title\x07',
  'a title that ends with a string terminator': '\x1b]0;title\x1b\\',
  'a device control string': '\x1bP+q544e\x1b\\',
  'a character set': '\x1b(0',
}

test.each(Object.entries(SEQUENCES))('keeps the first part of %s, wherever it is cut', (_, sequence) => {
  const bytes = Buffer.from(sequence)
  for (let cut = 1; cut < bytes.length; cut++) {
    const unfinished = createUnfinishedSequence()
    unfinished.feed(Buffer.concat([Buffer.from('text \x1b[1mbold'), bytes.subarray(0, cut)]))
    expect(Buffer.from(unfinished.bytes()).toString('latin1')).toBe(bytes.subarray(0, cut).toString('latin1'))
    unfinished.feed(Buffer.concat([bytes.subarray(cut), Buffer.from('more')]))
    expect(unfinished.bytes()).toHaveLength(0)
  }
})

test.each(Object.entries(SEQUENCES))('keeps the first part of %s after a long text, wherever it is cut', (_, sequence) => {
  const bytes = Buffer.from(sequence)
  for (let length = 0; length < 60; length++) {
    for (let cut = 1; cut < bytes.length; cut++) {
      const unfinished = createUnfinishedSequence()
      unfinished.feed(Buffer.concat([Buffer.from(`\x1b[1m${'é'.repeat(length)}`), bytes.subarray(0, cut)]))
      expect(Buffer.from(unfinished.bytes()).toString('latin1')).toBe(bytes.subarray(0, cut).toString('latin1'))
    }
  }
})

test('puts together what comes byte by byte', () => {
  const unfinished = createUnfinishedSequence()
  for (const byte of Buffer.from('\x1b]0;ti')) unfinished.feed(Uint8Array.of(byte))
  expect(Buffer.from(unfinished.bytes()).toString()).toBe('\x1b]0;ti')
})

test('begins anew at an escape in the middle of a sequence', () => {
  const unfinished = createUnfinishedSequence()
  unfinished.feed(Buffer.from('\x1b[12\x1b[3'))
  expect(Buffer.from(unfinished.bytes()).toString()).toBe('\x1b[3')
})

test('drops a sequence that was cancelled, and bytes that are no UTF-8', () => {
  const unfinished = createUnfinishedSequence()
  unfinished.feed(Buffer.from('\x1b]0;title\x18'))
  expect(unfinished.bytes()).toHaveLength(0)
  unfinished.feed(Uint8Array.of(0xe2, 0x82, 0x41))
  expect(unfinished.bytes()).toHaveLength(0)
  unfinished.feed(Uint8Array.of(0xff, 0x80))
  expect(unfinished.bytes()).toHaveLength(0)
})

test('does not keep a picture of megabytes', () => {
  const unfinished = createUnfinishedSequence()
  unfinished.feed(Buffer.from('\x1bPq'))
  for (let piece = 0; piece < 10; piece++) unfinished.feed(Buffer.alloc(64 * 1024, '~'))
  expect(unfinished.bytes().length).toBeLessThanOrEqual(256 * 1024)
})
