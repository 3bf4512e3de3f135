import { describe, expect, it } from 'vitest'
import { createPacedInput } from './paced-input'

function double() {
  const sent: Uint8Array[] = []
  const input = createPacedInput((bytes) => sent.push(bytes))
  return { input, sentBytes: () => sent.reduce((sum, { length }) => sum + length, 0), sent }
}

describe('paced input', () => {
  it('sends what is typed at once', () => {
    const { input, sent } = double()
    input.write(Uint8Array.of(97))
    expect(sent).toEqual([Uint8Array.of(97)])
  })

  it('keeps a large paste back until the program has taken what was sent, and sends all of it in order', () => {
    const { input, sentBytes, sent } = double()
    const paste = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251)
    input.write(paste)
    expect(sentBytes()).toBeLessThanOrEqual(600_000)
    for (let taken = 0; taken < sent.length; taken++) input.taken(sent[taken]?.length ?? 0)
    expect(Buffer.compare(Buffer.concat(sent), paste)).toBe(0)
  })

  it('starts anew on another connection', () => {
    const { input, sentBytes } = double()
    input.write(new Uint8Array(2_000_000))
    const before = sentBytes()
    input.reset()
    input.write(Uint8Array.of(1))
    expect(sentBytes()).toBe(before + 1)
  })
})
