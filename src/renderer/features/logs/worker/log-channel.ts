import { decodeLogMessage, type LogMessage } from '../../../../shared/log-stream'
import { decodeFrame, encodeFrame } from '../../../../shared/stream-frames'
import type { LogTransport } from './protocol'

export interface LogChannelEvents {
  opened(): void
  message(message: LogMessage): void
  ended(): void
  /** It closed before its end. */
  lost(): void
}

/** Reads a log stream. What `message` has been called with is acknowledged when that returns. Returns what ends it. */
export function openLogChannel(transport: LogTransport, port: MessagePort | undefined, events: LogChannelEvents): () => void {
  let isOpen = true
  let send: (bytes: Uint8Array<ArrayBuffer>) => void = () => {}
  let close = () => {}

  function finish(tell: () => void): void {
    if (!isOpen) return
    isOpen = false
    close()
    tell()
  }

  function take(data: unknown): void {
    if (!isOpen) return
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data instanceof Uint8Array ? data : null
    const frame = bytes === null ? null : decodeFrame(bytes)
    if (frame?.type === 'exit') return finish(events.ended)
    const message = frame?.type === 'stdout' ? decodeLogMessage(frame.bytes) : null
    // Nothing that Berth sends: the two do not speak the same version.
    if (frame?.type !== 'stdout' || message === null) return finish(events.lost)
    events.message(message)
    send(encodeFrame({ type: 'ack', byteCount: frame.bytes.length }))
  }

  if (transport.kind === 'websocket') {
    const socket = new WebSocket(transport.url, transport.protocols)
    socket.binaryType = 'arraybuffer'
    socket.onmessage = ({ data }: MessageEvent<unknown>) => take(data)
    socket.onopen = () => events.opened()
    socket.onclose = () => finish(events.lost)
    send = (bytes) => socket.send(bytes)
    close = () => socket.close()
  } else if (port !== undefined) {
    port.onmessage = ({ data }: MessageEvent<unknown>) => take(data)
    queueMicrotask(events.opened)
    port.addEventListener('close', () => finish(events.lost))
    // Copied, not transferred: see door-port.ts.
    send = (bytes) => port.postMessage(bytes.buffer)
    close = () => port.close()
  }
  return () => finish(() => {})
}
