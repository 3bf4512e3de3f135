import { STREAM_WINDOW_BYTES, type StreamChannel } from '../../shared/stream-frames'

/** A channel that looks at a session, with the count of what it has yet to acknowledge. */
export interface Viewer {
  send(type: 'stdout' | 'stderr' | 'screen', bytes: Uint8Array): void
  sendExit(exitCode: number): void
  /** Says that so much of the input has been taken, so that a client can keep what is under way small. */
  sendAck(byteCount: number): void
  acknowledge(byteCount: number): void
  /** True while more than the window is unacknowledged: the source has to wait. */
  isBehind(): boolean
  isOpen(): boolean
  /** The client has gone, or has to go. */
  close(): void
}

export function createViewer(channel: StreamChannel): Viewer {
  let unacknowledged = 0
  let open = true
  return {
    send(type, bytes) {
      // A screen is always sent, even an empty one: the client waits for it.
      if (!open || (bytes.length === 0 && type !== 'screen')) return
      unacknowledged += bytes.length
      channel.send({ type, bytes })
    },
    sendExit(exitCode) {
      if (open) channel.send({ type: 'exit', exitCode })
    },
    sendAck(byteCount) {
      if (open) channel.send({ type: 'ack', byteCount })
    },
    acknowledge(byteCount) {
      unacknowledged = Math.max(0, unacknowledged - byteCount)
    },
    isBehind: () => open && unacknowledged > STREAM_WINDOW_BYTES,
    isOpen: () => open,
    close() {
      if (!open) return
      open = false
      channel.close()
    },
  }
}
