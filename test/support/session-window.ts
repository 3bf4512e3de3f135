import { createHash } from 'node:crypto'
import type { StreamChannel, StreamFrame } from '../../src/shared/stream-frames'

/** A window that counts and hashes the output, and acknowledges what it is shown. */
export function openWindow() {
  const hash = createHash('sha256')
  const types: StreamFrame['type'][] = []
  let byteCount = 0
  let acknowledged = 0
  let tail = ''
  let exitCode: number | null = null
  let toCore: (frame: StreamFrame) => void = () => {}
  let onClose: () => void = () => {}
  const channel: StreamChannel = {
    send(frame) {
      types.push(frame.type)
      if (frame.type === 'exit') exitCode = frame.exitCode
      if (frame.type === 'ack') acknowledged += frame.byteCount
      if (!('bytes' in frame)) return
      tail = (tail + Buffer.from(frame.bytes).toString('latin1')).slice(-4000)
      if (frame.type === 'stdout') {
        hash.update(frame.bytes)
        byteCount += frame.bytes.length
      }
      setImmediate(() => toCore({ type: 'ack', byteCount: frame.bytes.length }))
    },
    onFrame(listener) {
      toCore = listener
    },
    onClose(listener) {
      onClose = listener
    },
    close() {},
  }
  return {
    channel,
    types,
    byteCount: () => byteCount,
    /** Bytes of input that the core has said it took. */
    acknowledged: () => acknowledged,
    digest: () => hash.copy().digest('hex'),
    tail: () => tail,
    exitCode: () => exitCode,
    send: (frame: StreamFrame) => toCore(frame),
    type: (line: string) => toCore({ type: 'stdin', bytes: Buffer.from(line) }),
    leave: () => onClose(),
  }
}
