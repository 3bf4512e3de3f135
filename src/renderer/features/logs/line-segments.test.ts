import { describe, expect, it } from 'vitest'
import { ansiSpans } from './ansi-line'
import { lineSegments } from './line-segments'

const match = (start: number, end: number) => ({ start, end, current: false })
const cut = (raw: string, ...matches: ReturnType<typeof match>[]) =>
  lineSegments(ansiSpans(raw), matches).map(({ text, match: found }) => (found ? `[${text}]` : text))

describe('a line with matches', () => {
  it('is cut where they begin and end', () => {
    expect(cut('one two two', match(4, 7), match(8, 11))).toEqual(['one ', '[two]', ' ', '[two]'])
    expect(cut('aaa', match(0, 1), match(1, 2))).toEqual(['[a]', '[a]', 'a'])
  })

  it('keeps its colours inside a match', () => {
    expect(cut('\x1b[31mred\x1b[0mblue', match(2, 5))).toEqual(['re', '[d]', '[bl]', 'ue'])
  })

  it('is whole without any', () => {
    expect(cut('whole')).toEqual(['whole'])
    expect(cut('')).toEqual([])
  })
})
