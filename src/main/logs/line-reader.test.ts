import { describe, expect, it } from 'vitest'
import { entriesOf } from './entries'
import { createLineReader } from './line-reader'

type Options = Parameters<typeof createLineReader>[0]

function read(text: string, options: Partial<Options> = {}, pieceBytes = 7): string[] {
  const reader = createLineReader({ tail: 'all', ...options })
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let start = 0; start < bytes.length; start += pieceBytes) pieces.push(...reader.take(bytes.subarray(start, start + pieceBytes)))
  pieces.push(...reader.endOfWhatIsThere({ flush: true }))
  return pieces.flatMap((piece) => [...entriesOf(piece)].map((entry) => entry.bytes.subarray(8).toString('utf8').replace(/\n$/, '')))
}

const engine = 'time="2026-01-01T10:00:00.5Z" level=warning msg=one\nno time é\ntime="2026-01-01T12:00:00Z" level=info msg=two\n'

describe('the lines of a file', () => {
  it('are entries, with the times they name', () => {
    expect(read(engine)).toEqual([
      '2026-01-01T10:00:00.5Z time="2026-01-01T10:00:00.5Z" level=warning msg=one',
      'no time é',
      '2026-01-01T12:00:00Z time="2026-01-01T12:00:00Z" level=info msg=two',
    ])
    expect(read('2026-01-01T10:00:00Z Create container\nlast')).toEqual(['2026-01-01T10:00:00Z Create container', 'last'])
  })

  it('are chosen by time; one without belongs to the line before it', () => {
    const at = (hour: number) => new Date(`2026-01-01T${hour}:00:00Z`)
    expect(read(engine, { since: at(11) })).toHaveLength(1)
    expect(read(engine, { until: at(11) })).toHaveLength(2)
    expect(read('never a time\n', { since: at(11) })).toEqual(['never a time'])
  })

  it('are the last so many', () => {
    expect(read('a\nb\nc\nd\n', { tail: 2 })).toEqual(['c', 'd'])
    expect(read('a\n', { tail: 0 })).toEqual([])
  })

  it('come at once after what was there', () => {
    const reader = createLineReader({ tail: 1 })
    expect([...reader.take(Buffer.from('a\nb\nhalf'))]).toEqual([])
    expect([...reader.endOfWhatIsThere({ flush: false })]).toHaveLength(1)
    const [piece] = [...reader.take(Buffer.from(' a line\n'))]
    expect(piece?.subarray(8).toString()).toBe('half a line\n')
  })

  it('are cut where they have no end', () => {
    expect(read('x'.repeat(150_000), {}, 50_000).map((line) => line.length)).toEqual([65_536, 65_536, 18_928])
  })
})
