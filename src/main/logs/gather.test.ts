import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gather } from './gather'

const options = { milliseconds: 20, bytes: 1000 }

test('a flood comes in full pieces, without waiting, and in its order', async () => {
  async function* flood() {
    for (let number = 0; number < 5000; number++) yield Buffer.from(`${String(number).padStart(9, '0')} `)
  }
  const pieces: Buffer[] = []
  for await (const piece of gather(flood(), options)) pieces.push(piece)
  expect(Buffer.concat(pieces).toString().trim().split(' ').map(Number)).toEqual(Array.from({ length: 5000 }, (_, number) => number))
  expect(pieces.length).toBeLessThan(100)
})

test('what comes after a silence comes at once, and what follows on it soon', async () => {
  async function* trickle() {
    yield Buffer.from('first')
    yield Buffer.from('second')
    yield Buffer.from('third')
    await sleep(60_000)
  }
  const pieces = gather(trickle(), options)
  expect((await pieces.next()).value?.toString()).toBe('first')
  expect((await pieces.next()).value?.toString()).toBe('secondthird')
  await pieces.return(undefined)
})

test('a failure comes after what came before it', async () => {
  async function* broken() {
    yield Buffer.from('a')
    yield Buffer.from('b')
    throw new Error('gone')
  }
  const pieces = gather(broken(), options)
  await pieces.next()
  expect((await pieces.next()).value?.toString()).toBe('b')
  await expect(pieces.next()).rejects.toThrow('gone')
})
