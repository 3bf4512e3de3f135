import type { LinkWebsocketClientOptions } from '@orpc/client/websocket'
import type { WebSocket } from 'ws'

/** A socket of `ws` as oRPC asks for one: with the listeners of the DOM, whose types are not those of `ws`. */
export function rpcSocket(socket: WebSocket): LinkWebsocketClientOptions['websocket'] {
  const events = new EventTarget()
  socket.on('message', (data, isBinary) => {
    events.dispatchEvent(new MessageEvent('message', { data: isBinary ? data : data.toString() }))
  })
  socket.once('close', () => events.dispatchEvent(new Event('close')))
  return {
    get readyState() {
      return socket.readyState
    },
    send: (message) => socket.send(message),
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  }
}
