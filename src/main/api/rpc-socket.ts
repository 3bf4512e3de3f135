import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { onError } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocket } from 'ws'
import type { ServedRouter } from './api-handler'
import { logProcedureError } from './procedure-log'

/** More than this waiting in a socket, and its producers wait too. */
const SOCKET_BUFFER_BYTES = 256 * 1024

/** Serves oRPC over WebSockets; the caller has checked host, origin and token. */
export function createRpcSockets(router: ServedRouter): (socket: WebSocket) => void {
  const handler = new RPCHandler(router, { clientInterceptors: [onError(logProcedureError)] })
  return (socket) => {
    void handler.upgrade(
      {
        addEventListener: socket.addEventListener.bind(socket),
        // oRPC awaits what `send` returns before it asks an event iterator for more, so a reader that is too slow for a log
        // holds back the log, and memory stays bounded.
        send: (message: string | ArrayBufferLike | ArrayBufferView) => sendWhenRoom(socket, message),
      },
      { context: {} },
    )
  }
}

/** Resolves once the socket can take more. */
async function sendWhenRoom(socket: WebSocket, message: string | ArrayBufferLike | ArrayBufferView): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) {
    // oRPC ends the iterators of a socket when it hears its close. Until then they must wait, or they would run on at full
    // speed, and the close would never be heard.
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close')
    return
  }
  if (socket.bufferedAmount < SOCKET_BUFFER_BYTES) {
    socket.send(message)
    // A source that always has more must not keep the process from everything else.
    await setImmediate()
    return
  }
  await new Promise<void>((resolve) => socket.send(message, () => resolve()))
}
