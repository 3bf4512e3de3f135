import { describe, expect, it } from 'vitest'
import { ansiSpans, plainLine } from './ansi-line'

const styled = (raw: string) =>
  ansiSpans(raw).map(({ text, style }) => [
    text,
    ...Object.entries(style)
      .filter(([, value]) => value !== null && value !== false)
      .flat(),
  ])

describe('a line of a log', () => {
  it('is one piece without a style when it has no escapes', () => {
    expect(styled('listening on :3000\tok')).toEqual([['listening on :3000\tok']])
    expect(ansiSpans('')).toEqual([])
  })

  it('keeps colours and weights', () => {
    expect(styled('\x1b[1;31merror\x1b[0m: no \x1b[92mway\x1b[39m!')).toEqual([
      ['error', 'foreground', 1, 'bold', true],
      [': no '],
      ['way', 'foreground', 10],
      ['!'],
    ])
  })

  it('knows 256 colours and true colour, with either separator', () => {
    expect(styled('\x1b[38;5;196mA\x1b[48;5;236mB\x1b[0;38;2;1;2;255mC')).toEqual([
      ['A', 'foreground', '#ff0000'],
      ['B', 'foreground', '#ff0000', 'background', '#303030'],
      ['C', 'foreground', '#0102ff'],
    ])
    expect(styled('\x1b[38:5:9mA')).toEqual([['A', 'foreground', 9]])
  })

  it('goes on after an incomplete colour', () => {
    expect(styled('\x1b[38mA\x1b[mB')).toEqual([['A'], ['B']])
  })

  it('drops titles, links, cursor moves and control characters', () => {
    const raw = '\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\x1b[2Kb\x1b(B\x08c\x1b[?25l'
    expect(plainLine(raw)).toBe('alinkbc')
    expect(
      ansiSpans(raw)
        .map(({ text }) => text)
        .join(''),
    ).toBe('alinkbc')
  })

  it('shows what a progress bar wrote last', () => {
    expect(plainLine('10 %\r50 %\r100 %\r')).toBe('100 %')
    expect(plainLine('crlf ended\r')).toBe('crlf ended')
  })
})
