import { describe, expect, it } from 'vitest'
import { encodeEntry, entriesOf, firstEntry } from './entries'
import { after, before, type Joined } from './join'

const time = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000001Z`
const entry = (second: number, text = `line ${second}`) => encodeEntry(text, time(second))
const mustFirst = (piece: Buffer) => {
  const first = firstEntry(piece)
  if (!first) throw new Error('It holds no entry.')
  return first
}

/** The log from one second to another, in pieces of three lines. */
async function* log(from: number, to: number): AsyncGenerator<Buffer> {
  for (let second = from; second <= to; second += 3) {
    yield Buffer.concat(Array.from({ length: Math.min(3, to - second + 1) }, (_, index) => entry(second + index)))
  }
}

const textsOf = (piece: Buffer) => [...entriesOf(piece)].map(({ bytes }) => bytes.toString().trim().split(' ').at(-1))

async function collectAfter(source: AsyncIterable<Joined>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const joined of source) all.push(...(joined.kind === 'gap' ? ['gap'] : textsOf(joined.bytes)))
  return all
}

async function collectBefore(source: ReturnType<typeof before>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const part of source) all.push(...('joined' in part ? [part.joined ? 'joined' : 'cut'] : textsOf(part.bytes)))
  return all
}

describe('a log that is read again from its last entry on', () => {
  it('continues after that entry, wherever it is in a piece', async () => {
    for (const last of [3, 4, 5]) {
      const expected = Array.from({ length: 9 - last }, (_, index) => String(last + 1 + index))
      expect(await collectAfter(after(mustFirst(entry(last)), log(3, 9)))).toEqual(expected)
    }
  })

  it('gives a line of another stream that has a later time and stands before it only once', async () => {
    async function* disordered() {
      yield Buffer.concat([encodeEntry('out of order 4', '2026-01-01T00:00:03.002Z'), entry(3), entry(5)])
    }
    expect(await collectAfter(after(mustFirst(entry(3)), disordered()))).toEqual(['5'])
  })

  it('begins with a gap when the entry is gone', async () => {
    expect(await collectAfter(after(mustFirst(entry(2)), log(5, 7)))).toEqual(['gap', '5', '6', '7'])
  })

  it('gives nothing when nothing came', async () => {
    expect(await collectAfter(after(mustFirst(entry(2)), log(2, 2)))).toEqual([])
  })
})

describe('what comes before the first entry of another reading', () => {
  it('ends at that entry', async () => {
    expect(await collectBefore(before(mustFirst(entry(5)), log(1, 9)))).toEqual(['1', '2', '3', '4', 'joined'])
    expect(await collectBefore(before(mustFirst(entry(1)), log(1, 9)))).toEqual(['joined'])
  })

  it('says when the log was cut in between, and gives no line twice', async () => {
    expect(await collectBefore(before(mustFirst(entry(2)), log(5, 9)))).toEqual(['cut'])
    async function* cut() {
      yield* log(1, 3)
      yield* log(7, 9)
    }
    expect(await collectBefore(before(mustFirst(entry(5)), cut()))).toEqual(['1', '2', '3', 'cut'])
  })
})
