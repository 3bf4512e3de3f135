import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createOutputBuffer, type OutputPart } from './output-buffer'

const read = (parts: OutputPart[] | null) => parts?.map(({ stream, bytes }) => `${stream}: ${bytes.toString()}`)

function streams() {
  return { stdout: new PassThrough(), stderr: new PassThrough() }
}

test('gives the first output after a silence at once', async () => {
  const { stdout, stderr } = streams()
  const buffer = createOutputBuffer(stdout, stderr)
  const waits: number[] = []
  for (let tries = 0; tries < 10; tries++) {
    await sleep(20)
    const before = performance.now()
    stdout.write('x')
    expect(read(await buffer.take())).toEqual(['stdout: x'])
    waits.push(performance.now() - before)
  }
  // A busy machine may make any one of them late.
  expect(Math.min(...waits)).toBeLessThan(7)
})

test('gathers a trickle into one batch', async () => {
  const { stdout, stderr } = streams()
  const buffer = createOutputBuffer(stdout, stderr)
  stdout.write('first')
  await buffer.take()
  const second = buffer.take()
  for (const letter of 'abc') {
    stdout.write(letter)
    await sleep(1)
  }
  expect(read(await second)).toEqual(['stdout: abc'])
})

test('keeps the order in which the two streams spoke', async () => {
  const { stdout, stderr } = streams()
  const buffer = createOutputBuffer(stdout, stderr)
  await sleep(5)
  stdout.write('1')
  stderr.write('2')
  stdout.write('3')
  stdout.write('4')
  expect(read(await buffer.take())).toEqual(['stdout: 1', 'stderr: 2', 'stdout: 34'])
})

test('lets the source wait while nobody takes', async () => {
  const { stdout, stderr } = streams()
  createOutputBuffer(stdout, stderr)
  let accepted = 0
  for (let chunk = 0; chunk < 100; chunk++) {
    if (!stdout.write(Buffer.alloc(16 * 1024))) {
      await sleep(2)
      if (stdout.writableNeedDrain) break
    }
    accepted += 16 * 1024
  }
  expect(accepted).toBeLessThan(256 * 1024)
})

test('ends after the last output, and fails after the last output', async () => {
  const ending = streams()
  const buffer = createOutputBuffer(ending.stdout, ending.stderr)
  ending.stdout.end('last')
  ending.stderr.end()
  expect(read(await buffer.take())).toEqual(['stdout: last'])
  expect(await buffer.take()).toBeNull()

  const failing = streams()
  const failed = createOutputBuffer(failing.stdout, failing.stderr)
  failing.stdout.write('last')
  await sleep(5)
  failing.stdout.destroy(new Error('reset'))
  failing.stderr.end()
  expect(read(await failed.take())).toEqual(['stdout: last'])
  await expect(failed.take()).rejects.toThrow('reset')
})

test('stops for one who waits', async () => {
  const { stdout, stderr } = streams()
  const buffer = createOutputBuffer(stdout, stderr)
  const waiting = buffer.take()
  buffer.stop()
  expect(await waiting).toBeNull()
})
