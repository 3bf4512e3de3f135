import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { API_PATH, DOWNLOAD_PATH, RPC_PATH } from '../../shared/door-addresses'
import { BerthError } from '../../shared/errors'
import { STREAM_PATH } from '../../shared/stream-frames'
import { log } from '../log'
import { createApiHandler, type ServedRouter } from './api-handler'
import { sendApiPage } from './api-page'
import { bearerToken, createTokenCheck, unauthorized } from './auth'
import { type FileTransfers, parseFileRoute, serveDownload, serveFileRoute } from './file-routes'
import { hostProblem } from './host-check'
import { createOpenApiDocument } from './openapi-document'
import { sendError, sendJson } from './refusal'
import { serveStaticFile } from './static-files'
import type { AttachStream } from './stream-socket'
import { createUpgrades } from './upgrades'

export const DEFAULT_PORT = 7437
const LOOPBACK = '127.0.0.1'
/** What is under way when the server closes gets this long to end. */
const CLOSE_GRACE_MS = 1500

export interface HttpServerOptions {
  router: ServedRouter
  attachStream: AttachStream
  files: FileTransfers
  token: string
  /** Exactly this port, or EADDRINUSE; if left out, DEFAULT_PORT when it is free and else one that the system gives. */
  port?: number | undefined
  /** Folder of the built page. */
  staticRoot: string
  version: string
}

export interface HttpServer {
  /** http://127.0.0.1:PORT */
  url: string
  port: number
  /** Ends within two seconds: sockets are closed with 1001, requests get a moment to end. */
  close(): Promise<void>
}

/** The door for browsers, the command line and any HTTP client: page, API and WebSockets on one loopback port. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  // A large file takes as long as it takes to come; headers have a time limit of their own.
  const server = createServer({ requestTimeout: 0 })
  const port = await listen(server, options.port)
  const isTokenRight = createTokenCheck(options.token)
  const handle = createRequestHandler(options, isTokenRight)
  const upgrades = createUpgrades({ ...options, isTokenRight })
  const responses = new Set<ServerResponse>()
  let closing: Promise<void> | null = null

  server.on('request', (request, response) => {
    responses.add(response)
    response.on('close', () => {
      responses.delete(response)
      // A connection kept for a next request must not hold up the end.
      if (closing !== null) setImmediate(() => server.closeIdleConnections())
    })
    handle(request, response).catch((error: unknown) => fail(response, error))
  })
  server.on('upgrade', upgrades.handle)

  async function close(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    upgrades.closeAll()
    // These would never end by themselves.
    for (const response of responses) if (response.getHeader('content-type') === 'text/event-stream') response.end()
    const timer = setTimeout(() => {
      upgrades.terminateAll()
      server.closeAllConnections()
    }, CLOSE_GRACE_MS)
    await closed
    clearTimeout(timer)
  }

  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

async function listen(server: Server, port: number | undefined): Promise<number> {
  try {
    return await listenOn(server, port ?? DEFAULT_PORT)
  } catch (error) {
    if (port !== undefined || !(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error
    return await listenOn(server, 0)
  }
}

async function listenOn(server: Server, port: number): Promise<number> {
  server.listen({ port, host: LOOPBACK, exclusive: true })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function createRequestHandler(
  { router, files, staticRoot, version }: HttpServerOptions,
  isTokenRight: (token: string | null) => boolean,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const handleApi = createApiHandler(router)
  let document: ReturnType<typeof createOpenApiDocument> | undefined

  return async (request, response) => {
    const problem = hostProblem(request)
    if (problem !== null) return sendError(response, problem)
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'

    if (path === RPC_PATH || path.startsWith(STREAM_PATH)) return sendUpgradeRequired(response)
    if (path.startsWith(DOWNLOAD_PATH) && request.method === 'GET') return serveDownload(files, path, response)
    if (path !== API_PATH && !path.startsWith(`${API_PATH}/`)) {
      if (request.method === 'GET' || request.method === 'HEAD') return serveStaticFile(staticRoot, path, request, response)
      return sendJson(
        response,
        405,
        { defined: false, code: 'METHOD_NOT_ALLOWED', status: 405, message: 'Only GET is supported here.' },
        { allow: 'GET, HEAD' },
      )
    }
    // The page of the API holds no data: it fetches the document with the token that the browser has.
    if (request.method === 'GET' && (path === API_PATH || path === `${API_PATH}/`)) return sendApiPage(response)
    if (!isTokenRight(bearerToken(request))) return sendError(response, unauthorized())
    if (request.method === 'GET' && path === `${API_PATH}/openapi.json`) {
      document ??= createOpenApiDocument(version)
      return sendJson(response, 200, await document)
    }
    const fileRoute = parseFileRoute(path)
    if (fileRoute !== null) return serveFileRoute(files, fileRoute, request, response)
    await handleApi(request, response)
  }
}

function sendUpgradeRequired(response: ServerResponse): void {
  const body = { defined: false, code: 'UPGRADE_REQUIRED', status: 426, message: 'Only WebSockets are supported here.' }
  sendJson(response, 426, body, { upgrade: 'websocket' })
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed || (error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) return
  const reference = crypto.randomUUID()
  log.error({ err: error, reference }, 'a request failed unexpectedly')
  if (response.headersSent) {
    response.destroy()
    return
  }
  const next = 'Report the problem with the entry for this reference in Berth’s log.'
  sendError(response, new BerthError('INTERNAL', 'Berth could not answer the request.', { reference, next }))
}
