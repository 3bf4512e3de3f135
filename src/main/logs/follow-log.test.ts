import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { encodeEntry } from './entries'
import { followLog, MOST_LINES } from './follow-log'

const entry = (text: string) => encodeEntry(text, null)

function follow(read: (signal: AbortSignal) => AsyncGenerator<Buffer>, signal = new AbortController().signal) {
  return followLog(read, signal)
}

test('hands on lines in full batches and keeps their order', async () => {
  const sizes: number[] = []
  const texts: string[] = []
  const batches = follow(async function* () {
    for (let line = 0; line < 1200; line++) yield entry(String(line))
  })
  for await (const { entries, missed } of batches) {
    sizes.push(entries.length)
    texts.push(...entries.map(({ text }) => text))
    expect(missed).toBe(0)
  }
  expect(Math.max(...sizes)).toBe(MOST_LINES)
  expect(texts).toEqual(Array.from({ length: 1200 }, (_, line) => String(line)))
})

test('does not wait for a full batch, nor lose the line that comes after it', async () => {
  const batches = follow(async function* () {
    yield entry('one')
    yield entry('two')
    await sleep(60)
    yield entry('three')
  })
  expect((await batches.next()).value?.entries.map(({ text }) => text)).toEqual(['one', 'two'])
  expect((await batches.next()).value?.entries.map(({ text }) => text)).toEqual(['three'])
  expect((await batches.next()).done).toBe(true)
})

test('reads no further than the caller has asked', async () => {
  let read = 0
  const batches = follow(async function* () {
    for (;;) {
      read++
      yield entry('again')
    }
  })
  await batches.next()
  await sleep(30)
  expect(read).toBeLessThanOrEqual(2 * MOST_LINES)
  await batches.return()
})

test('ends when it is cancelled in a silence, and when the caller leaves, and lets go of the log', async () => {
  const let_go: boolean[] = []
  const silent = async function* (signal: AbortSignal) {
    yield entry('last')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    let_go.push(signal.aborted)
  }
  const controller = new AbortController()
  const cancelled = follow(silent, controller.signal)
  await cancelled.next()
  const waiting = cancelled.next()
  controller.abort()
  expect((await waiting).done).toBe(true)

  for await (const _ of follow(silent)) break
  await sleep(5)
  expect(let_go).toEqual([true, true])
})

test('passes a failure on, after the lines before it', async () => {
  const batches = follow(async function* () {
    yield entry('before')
    throw new Error('the engine has gone')
  })
  expect((await batches.next()).value?.entries).toHaveLength(1)
  await expect(batches.next()).rejects.toThrow('the engine has gone')
})
