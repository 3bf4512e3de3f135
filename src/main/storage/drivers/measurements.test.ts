import { expect, it } from 'vitest'
import { createMeasurements } from './measurements'

const { signal } = new AbortController()

/** Goes on until it is interrupted, or let go. */
function slow(letGo: Promise<void>, rounds: string[][]) {
  return async (names: string[], interrupted: AbortSignal) => {
    rounds.push(names)
    const aborted = new Promise<never>((_, reject) => interrupted.addEventListener('abort', () => reject(new Error('cut off'))))
    await Promise.race([letGo, aborted])
    return names
  }
}

it('a volume is removed at once, and the rest is measured again', async () => {
  const measurements = createMeasurements()
  const { promise: letGo, resolve } = Promise.withResolvers<void>()
  const rounds: string[][] = []
  const measured = measurements.run(['a', 'b'], signal, slow(letGo, rounds))
  await measurements.without('c', () => Promise.resolve())
  expect(rounds).toEqual([['a', 'b']])
  await measurements.without('a', async () => {
    await new Promise(setImmediate)
    expect(rounds).toEqual([['a', 'b'], ['b']])
  })
  resolve()
  expect(await measured).toEqual(['b'])
})

it('a failed or cancelled measurement is not restarted', async () => {
  const measurements = createMeasurements()
  await expect(measurements.run(['a'], signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  const cancel = new AbortController()
  const rounds: string[][] = []
  const measured = measurements.run(['a'], cancel.signal, slow(new Promise(() => undefined), rounds))
  cancel.abort()
  await expect(measured).rejects.toThrow('cut off')
  expect(rounds).toHaveLength(1)
})
