import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { demultiplex } from './demultiplex'
import { linesOf } from './lines-of'
import { readLogLines } from './log-lines'

/** As the engine sends it: a header of the stream's number and the length before each piece. */
function piece(stream: 1 | 2, content: string): Buffer {
  const bytes = Buffer.from(content)
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

/** Cut anywhere, as a network does. */
function inPieces(whole: Buffer, size: number): Readable {
  return Readable.from(
    Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => whole.subarray(index * size, (index + 1) * size)),
  )
}

const time = '2026-01-01T00:00:00.123456789Z'
const whole = Buffer.concat([piece(1, 'one é'), piece(2, 'two'), piece(1, ' three\n'), piece(2, ' four')])

describe('the engine’s stream', () => {
  it.each([1, 2, 7, 8, 9, 1000])('is taken apart whatever its pieces are (%i bytes)', async (size) => {
    const { stdout, stderr } = demultiplex(inPieces(whole, size))
    expect(await Promise.all([text(stdout), text(stderr)])).toEqual(['one é three\n', 'two four'])
  })

  it('continues for one side when the other is no longer read', async () => {
    const source = new PassThrough()
    const { stdout, stderr } = demultiplex(source)
    stderr.destroy()
    source.write(piece(2, 'x'.repeat(100_000)))
    source.end(piece(1, 'done'))
    expect(await text(stdout)).toBe('done')
  })

  it('fails on both sides when it breaks', async () => {
    const source = new PassThrough()
    const { stdout, stderr } = demultiplex(source)
    source.destroy(new Error('broken'))
    await expect(Promise.allSettled([text(stdout), text(stderr)])).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  })
})

describe('the lines of a stream', () => {
  const collect = async (source: Readable) => {
    const lines: string[] = []
    for await (const line of linesOf(source)) lines.push(line)
    return lines
  }

  it.each([1, 2, 3, 1000])('come whole whatever its pieces are (%i bytes)', async (size) => {
    expect(await collect(inPieces(Buffer.from('one é\r\n\ntwo\nthree'), size))).toEqual(['one é', '', 'two', 'three'])
  })

  it('end when the stream is destroyed while they are waited for', async () => {
    const source = new PassThrough()
    const collected = collect(source)
    source.write('one\ntw')
    setImmediate(() => source.destroy())
    await expect(collected).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })

  it('throw the failure of the stream, and ignore it once nothing reads', async () => {
    const source = new PassThrough()
    const { stdout } = demultiplex(source)
    source.write(piece(1, 'one\ntwo\n'))
    const lines = linesOf(stdout)
    expect(await lines.next()).toEqual({ value: 'one', done: false })
    source.destroy(new Error('broken'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(await lines.next()).toEqual({ value: 'two', done: false })
    await expect(lines.next()).rejects.toThrow('broken')
  })
})

describe('the lines of a log', () => {
  const collect = async (source: Readable) => {
    const lines = []
    for await (const line of readLogLines(source)) lines.push(line)
    return lines
  }

  it.each([1, 3, 8, 1000])('come whole, with time and stream, whatever the pieces are (%i bytes)', async (size) => {
    const log = Buffer.concat([
      piece(1, `${time} first é\r\n`),
      piece(2, `${time} sec`),
      piece(2, `ond\n${time} third\n`),
      piece(1, 'no time\n'),
    ])
    expect(await collect(inPieces(log, size))).toEqual([
      { time, stream: 'stdout', text: 'first é' },
      { time, stream: 'stderr', text: 'second' },
      { time, stream: 'stderr', text: 'third' },
      { time: null, stream: 'stdout', text: 'no time' },
    ])
  })

  it('are cut when they have no end, and the last needs none', async () => {
    const lines = await collect(Readable.from([piece(1, `${time} ${'x'.repeat(150_000)}`)]))
    expect(lines.map((line) => line.text.length).reduce((sum, length) => sum + length)).toBe(150_000)
    expect(Math.max(...lines.map((line) => line.text.length))).toBeLessThanOrEqual(64 * 1024)
  })
})
