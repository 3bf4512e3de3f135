import { encodeLogMessage, type LogMessage } from '../../shared/log-stream'
import { STREAM_WINDOW_BYTES, type StreamChannel } from '../../shared/stream-frames'

/** The channel of one reader, who sets the pace. */
export interface LogWriter {
  /** Resolves with true when the reader takes more, with false when it has not done so for so long, or has gone. */
  ready(milliseconds?: number): Promise<boolean>
  /** Sends immediately: call it when it is ready. */
  send(message: LogMessage): void
  sendExit(): void
  /** Aborted when the reader has gone. */
  gone: AbortSignal
  close(): void
}

export function createLogWriter(channel: StreamChannel): LogWriter {
  const gone = new AbortController()
  let unacknowledged = 0
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const check of [...waiting]) check()
  }
  channel.onFrame((frame) => {
    if (frame.type !== 'ack') return channel.close()
    unacknowledged = Math.max(0, unacknowledged - frame.byteCount)
    wake()
  })
  channel.onClose(() => {
    gone.abort()
    wake()
  })
  const send = (bytes: Uint8Array) => {
    unacknowledged += bytes.length
    if (!gone.signal.aborted) channel.send({ type: 'stdout', bytes })
  }
  return {
    gone: gone.signal,
    ready: (milliseconds) =>
      new Promise((resolve) => {
        const settle = (ready: boolean) => {
          clearTimeout(timer)
          waiting.delete(check)
          resolve(ready)
        }
        const check = () => {
          if (gone.signal.aborted) settle(false)
          else if (unacknowledged <= STREAM_WINDOW_BYTES) settle(true)
        }
        const timer = milliseconds === undefined ? undefined : setTimeout(() => settle(false), milliseconds)
        waiting.add(check)
        check()
      }),
    send: (message) => send(encodeLogMessage(message)),
    sendExit() {
      if (!gone.signal.aborted) channel.send({ type: 'exit', exitCode: 0 })
    },
    close() {
      gone.abort()
      wake()
      channel.close()
    },
  }
}
