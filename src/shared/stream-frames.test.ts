import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame, type StreamFrame } from './stream-frames'

const bytes = Uint8Array.of(0, 255, 128, 1)
const frames: StreamFrame[] = [
  { type: 'stdout', bytes },
  { type: 'stderr', bytes: new Uint8Array() },
  { type: 'screen', bytes },
  { type: 'exit', exitCode: 137 },
  { type: 'exit', exitCode: -1 },
  { type: 'stdin', bytes },
  { type: 'stdin-end' },
  { type: 'ack', byteCount: 2_000_000_000 },
  { type: 'resize', cols: 1000, rows: 1 },
]

describe('a frame', () => {
  it.each(frames)('$type comes back as it went', (frame) => expect(decodeFrame(encodeFrame(frame))).toEqual(frame))

  it('is read from the middle of a larger buffer', () => {
    const encoded = encodeFrame({ type: 'ack', byteCount: 7 })
    const larger = new Uint8Array(encoded.length + 4)
    larger.set(encoded, 3)
    expect(decodeFrame(larger.subarray(3, 3 + encoded.length))).toEqual({ type: 'ack', byteCount: 7 })
  })

  it.each([[[]], [[0]], [[99, 1]], [[4, 1]], [[18, 255, 255, 255, 255]], [[17, 0]], [[19, 0, 1, 0]]])('%j is not one', (raw) =>
    expect(decodeFrame(Uint8Array.from(raw))).toBeNull(),
  )
})
