import { decodeFrame, encodeFrame, type StreamChannel, type StreamFrame } from '../shared/stream-frames'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

/**
 * One connection to a session, whatever carries it. `dropped` is worth another try; `refused` (no such session, or no right
 * to it) is not. Nothing is called after `closed`.
 */
export interface StreamConnection {
  send(encoded: Uint8Array<ArrayBuffer>): void
  close(): void
}

export interface StreamConnectionEvents {
  opened(): void
  message(encoded: Uint8Array): void
  closed(reason: 'dropped' | 'refused'): void
}

/** Makes a connection; it tells what becomes of it later, never while it is being made. */
export type ConnectStream = (events: StreamConnectionEvents) => StreamConnection

export type StreamState = 'connecting' | 'open' | 'closed'

/**
 * A session's bytes for a view of it. It connects again after a dropped connection, and the core then sends a new `screen`, so a
 * view clears itself at each `screen` frame. It is closed for good by `close()`, after `exit`, or when the session is gone;
 * only the last calls the `onClose` listener without an `exit` frame before it.
 */
export interface SessionStream extends StreamChannel {
  /** One listener; called at once with the present state. */
  onState(listener: (state: StreamState) => void): void
  /** Leaves the connection for another one at once: the core then sends the whole screen. */
  renew(): void
}

/**
 * Makes one channel out of many connections. Of what is sent while there is none, the last size is kept for the next one;
 * input is dropped, since nobody wants to see it run minutes later, but for the moment in which a connection is renewed. `onHopeful`
 * calls its listener when a try may succeed before the wait is over, and gives back what ends that.
 */
export function resumingStream(connect: ConnectStream, onHopeful: (retry: () => void) => () => void = () => () => {}): SessionStream {
  let frameListener: (frame: StreamFrame) => void = () => {}
  let closeListener: () => void = () => {}
  let stateListener: (state: StreamState) => void = () => {}
  let state: StreamState = 'connecting'
  let connection: StreamConnection | null = null
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let retryMs = FIRST_RETRY_MS
  let lastSize: Extract<StreamFrame, { type: 'resize' }> | null = null
  // The view acknowledges in the order it received. What it had not acknowledged when a connection dropped must not count for
  // the next one, whose window starts empty.
  let unacknowledged = 0
  let staleUnacknowledged = 0
  let renewConnection = () => {}
  /** Input since the connection was left for another, which is not open yet; null at all other times. */
  let untilRenewed: StreamFrame[] | null = null

  function changeState(next: StreamState): void {
    if (state === next) return
    state = next
    stateListener(next)
  }

  function attempt(): void {
    retryTimer = undefined
    let ended = false
    const current = connect({
      opened() {
        if (ended || state === 'closed') return
        changeState('open')
        if (lastSize) current.send(encodeFrame(lastSize))
        for (const frame of untilRenewed ?? []) current.send(encodeFrame(frame))
        untilRenewed = null
      },
      message(encoded) {
        if (ended || state === 'closed') return
        retryMs = FIRST_RETRY_MS
        const frame = decodeFrame(encoded)
        if (!frame) {
          drop()
          return
        }
        if (frame.type === 'stdout' || frame.type === 'stderr' || frame.type === 'screen') unacknowledged += frame.bytes.length
        frameListener(frame)
        if (frame.type === 'exit') finish()
      },
      closed(reason) {
        if (ended || state === 'closed') return
        if (reason === 'dropped') {
          drop()
          return
        }
        ended = true
        finish()
        closeListener()
      },
    })
    connection = current
    renewConnection = () => {
      untilRenewed ??= []
      leave()
      attempt()
    }

    function leave(): void {
      ended = true
      current.close()
      connection = null
      staleUnacknowledged += unacknowledged
      unacknowledged = 0
      if (untilRenewed === null) changeState('connecting')
    }

    function drop(): void {
      if (state === 'closed') return
      untilRenewed = null
      leave()
      retryTimer = setTimeout(attempt, retryMs)
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    }
  }

  function finish(): void {
    endHope()
    clearTimeout(retryTimer)
    changeState('closed')
    connection?.close()
    connection = null
  }

  /** What is left of it for the present connection; null when all of it belongs to an earlier one. */
  function ownShareOf(byteCount: number): number {
    const stale = Math.min(staleUnacknowledged, byteCount)
    staleUnacknowledged -= stale
    unacknowledged -= byteCount - stale
    return byteCount - stale
  }

  const isOpen = () => state === 'open' && untilRenewed === null

  const endHope = onHopeful(() => {
    if (retryTimer === undefined || state === 'closed') return
    clearTimeout(retryTimer)
    attempt()
  })
  attempt()
  return {
    send(frame) {
      if (frame.type === 'resize') lastSize = frame
      if (frame.type === 'ack') {
        const byteCount = ownShareOf(frame.byteCount)
        if (byteCount > 0 && isOpen()) connection?.send(encodeFrame({ type: 'ack', byteCount }))
        return
      }
      if (isOpen()) connection?.send(encodeFrame(frame))
      else if (frame.type === 'stdin') untilRenewed?.push(frame)
    },
    onFrame(listener) {
      frameListener = listener
    },
    onClose(listener) {
      closeListener = listener
    },
    onState(listener) {
      stateListener = listener
      listener(state)
    },
    renew() {
      // One that is not open yet begins with the whole screen anyway.
      if (isOpen()) renewConnection()
    },
    close: finish,
  }
}
