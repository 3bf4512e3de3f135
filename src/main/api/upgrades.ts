import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { RPC_PATH, WEBSOCKET_PROTOCOL } from '../../shared/door-addresses'
import { errorStatus } from '../../shared/error-definitions'
import { STREAM_PATH } from '../../shared/stream-frames'
import { log } from '../log'
import { MAX_REQUEST_BYTES, type ServedRouter } from './api-handler'
import { socketToken, unauthorized } from './auth'
import { keepAlive } from './heartbeat'
import { hostProblem, originProblem } from './host-check'
import { errorBody, refuseUpgrade } from './refusal'
import { createRpcSockets } from './rpc-socket'
import { type AttachStream, attachSocket, MAX_STREAM_FRAME_BYTES } from './stream-socket'

const CLOSE_GOING_AWAY = 1001

export interface Upgrades {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every WebSocket that Berth goes away. */
  closeAll(): void
  /** For those that did not listen. */
  terminateAll(): void
}

/** The WebSockets of the server: oRPC, and one for each look at a session. */
export function createUpgrades(options: {
  router: ServedRouter
  attachStream: AttachStream
  isTokenRight: (token: string | null) => boolean
}): Upgrades {
  const { isTokenRight } = options
  const rpcServer = createSocketServer(MAX_REQUEST_BYTES)
  const streamServer = createSocketServer(MAX_STREAM_FRAME_BYTES)
  const serveRpc = createRpcSockets(options.router)
  let isClosing = false

  function handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket connection failed'))
    const refused = hostProblem(request) ?? originProblem(request)
    if (refused !== null) return refuseUpgrade(socket, errorStatus(refused), errorBody(refused))
    if (!isTokenRight(socketToken(request))) return refuseUpgrade(socket, 401, errorBody(unauthorized()))

    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (isClosing) refuseUpgrade(socket, 503, { code: 'SERVICE_UNAVAILABLE', status: 503, message: 'Berth is quitting.' })
    else if (path === RPC_PATH) rpcServer.handleUpgrade(request, socket, head, (opened) => serveRpc(watched(opened)))
    else if (path.startsWith(STREAM_PATH)) {
      const sessionId = path.slice(STREAM_PATH.length)
      streamServer.handleUpgrade(request, socket, head, (opened) => attachSocket(watched(opened), sessionId, options.attachStream))
    } else refuseUpgrade(socket, 404, { code: 'NOT_FOUND', status: 404, message: 'This address has no WebSocket.' })
  }

  function everySocket(act: (socket: WebSocket) => void): void {
    for (const server of [rpcServer, streamServer]) for (const socket of server.clients) act(socket)
  }

  return {
    handle,
    closeAll() {
      isClosing = true
      everySocket((socket) => socket.close(CLOSE_GOING_AWAY, 'Berth is quitting'))
    },
    terminateAll: () => everySocket((socket) => socket.terminate()),
  }
}

function createSocketServer(maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    maxPayload,
    // On loopback, compression costs more than it saves.
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(WEBSOCKET_PROTOCOL) ? WEBSOCKET_PROTOCOL : false),
  })
}

function watched(socket: WebSocket): WebSocket {
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket failed'))
  keepAlive(socket)
  return socket
}
