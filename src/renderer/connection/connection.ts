import type { ClientLink } from '@orpc/client'
import type { DoorRequest } from '../../shared/door-port'

/** How the page stands with Berth. */
export type ConnectionState =
  | { status: 'connecting' }
  | { status: 'open' }
  /** Lost; `retryAt` (ms since the epoch) is null while a try is under way. */
  | { status: 'reconnecting'; attempt: number; retryAt: number | null }
  /** Berth answers, and does not let this page in. */
  | { status: 'refused'; reason: 'no-token' | 'wrong-token' }

/** The way to Berth, whatever carries it. */
export type Connection =
  /** A fresh port on which the main process answers `request`. */
  | { kind: 'port'; requestPort(request: DoorRequest): MessagePort }
  /** `url` is the origin, `ws://HOST:PORT`, without a path; the subprotocols are [WEBSOCKET_PROTOCOL, token]. */
  | { kind: 'websocket'; readonly url: string; readonly token: string }

/** What a transport gives `client.ts`. */
export interface Transport {
  connection: Connection
  link: ClientLink<Record<never, never>>
  state(): ConnectionState
  /** Called at each change. */
  onState(listener: (state: ConnectionState) => void): () => void
  /** Tries at once, if it is waiting to try again. */
  retryNow(): void
}

/** Thrown by a call that cannot be made, or lost its answer, because the connection is gone. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'

  constructor(options?: { cause?: unknown }) {
    super('The connection to Berth is lost.', options)
  }
}

/** A state that others can watch. */
export function createStateCell(initial: ConnectionState) {
  let current = initial
  const listeners = new Set<(state: ConnectionState) => void>()
  return {
    get: () => current,
    set(next: ConnectionState) {
      current = next
      for (const listener of [...listeners]) listener(next)
    },
    onState(listener: (state: ConnectionState) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
