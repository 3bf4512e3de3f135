import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTurns } from './turns'

describe('turns', () => {
  it('no more than a few are at work on one engine, in the order in which they came', async () => {
    const turns = createTurns(2)
    const begun: number[] = []
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const works = gates.map(({ promise }, index) =>
      turns.take('local', () => {
        begun.push(index)
        return promise
      }),
    )
    await settle()
    expect(begun).toEqual([0, 1])
    gates[1]?.resolve()
    await settle()
    expect(begun).toEqual([0, 1, 2])
    for (const { resolve } of gates) resolve()
    await Promise.all(works)
    expect(begun).toEqual([0, 1, 2, 3, 4])
  })

  it('an engine that hangs keeps nothing on another waiting, and a failure gives its turn on', async () => {
    const turns = createTurns(1)
    void turns.take('hangs', () => new Promise(() => undefined))
    await expect(turns.take('answers', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    expect(await turns.take('answers', async () => 'done')).toBe('done')
  })

  it('many engines do not add up, and those that take long do not count', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const turns = createTurns(4)
    let begun = 0
    for (let index = 0; index < 50; index++)
      void turns.take(`e${index}`, () => {
        begun += 1
        return new Promise(() => undefined)
      })
    await settle()
    expect(begun).toBe(16)
    await vi.advanceTimersByTimeAsync(100)
    await settle()
    expect(begun).toBe(32)
  })
})

const settle = () => new Promise((resolve) => setImmediate(resolve))
