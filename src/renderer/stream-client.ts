import { WEBSOCKET_PROTOCOL } from '../shared/door-addresses'
import { STREAM_PATH } from '../shared/stream-frames'
import { connection, onConnectionState } from './client'
import { type ConnectStream, resumingStream, type SessionStream } from './resuming-stream'

/** The stream door's answer to an id it does not know. */
const UNKNOWN_SESSION_CODE = 4404

/** A session's bytes over whatever this page talks to the core with. The caller closes it. */
export function openStream(sessionId: string): SessionStream {
  const connect = connectStream(sessionId)
  // The desktop's ports do not drop.
  if (connection.kind === 'port') return resumingStream(connect)
  return resumingStream(connect, (retry) => onConnectionState(({ status }) => status === 'open' && retry()))
}

/** The same as one connection, for what cannot go on over another. */
export function connectStream(streamId: string): ConnectStream {
  const way = connection
  if (way.kind === 'port') return overPort(() => way.requestPort({ kind: 'stream', sessionId: streamId }))
  return overWebSocket(() => new WebSocket(way.url + STREAM_PATH + encodeURIComponent(streamId), [WEBSOCKET_PROTOCOL, way.token]))
}

function overWebSocket(makeSocket: () => WebSocket): ConnectStream {
  return (events) => {
    const socket = makeSocket()
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => events.opened()
    socket.onmessage = ({ data }: MessageEvent<unknown>) => events.message(asBytes(data))
    socket.onclose = ({ code }) => events.closed(code === UNKNOWN_SESSION_CODE ? 'refused' : 'dropped')
    return {
      send: (encoded) => socket.send(encoded),
      close: () => socket.close(),
    }
  }
}

/** The desktop's ports live as long as the app does: one that closes says that the session is over or unknown. */
function overPort(requestPort: () => MessagePort): ConnectStream {
  return (events) => {
    const port = requestPort()
    port.onmessage = ({ data }: MessageEvent<unknown>) => events.message(asBytes(data))
    port.addEventListener('close', () => events.closed('refused'))
    queueMicrotask(() => events.opened())
    return {
      // Copied, not transferred: see door-port.ts.
      send: (encoded) => port.postMessage(encoded.buffer),
      close: () => port.close(),
    }
  }
}

/** An empty array, which is no frame, for anything that is not binary. */
function asBytes(data: unknown): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  if (data instanceof Uint8Array) return data
  return new Uint8Array()
}
