import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { implement } from '@orpc/server'
import { WebSocket } from 'ws'
import { contract } from '../../../shared/contract/contract'
import type { LogBatch } from '../../../shared/contract/workspaces'
import { BerthError } from '../../../shared/errors'
import type { StreamChannel } from '../../../shared/stream-frames'
import { workspace as anyWorkspace } from '../../../shared/testing/workspace'
import type { Workspace } from '../../../shared/workspace'
import { type HttpServer, startHttpServer } from '../http-server'

/** What the tests of the doors share: a server on a port of its own with a router of a few procedures. */

export const TOKEN = 'a-token-of-the-tests'

export const workspace: Workspace = anyWorkspace({
  id: 'w1',
  name: 'secret-project',
  status: 'running',
  running: true,
  containerId: 'c1',
  ports: { ssh: 2200 },
})

export interface RouterProbe {
  logInputs: unknown[]
  execStdin: string[]
  /** Batches that the log made so far, and whether it was ended. */
  floodCount: number
  floodEnded: boolean
}

export function createProbe(): RouterProbe {
  return { logInputs: [], execStdin: [], floodCount: 0, floodEnded: false }
}

export function createTestRouter(probe: RouterProbe) {
  const os = implement(contract)
  const entry = (text: string): LogBatch => ({ entries: [{ time: null, stream: 'stdout', text }], missed: 0 })
  return {
    workspaces: {
      list: os.workspaces.list.handler(() => [workspace]),
      get: os.workspaces.get.handler(({ input, errors }) => {
        if (input.workspace === workspace.name) return workspace
        throw errors.WORKSPACE_NOT_FOUND({ message: 'No such workspace.', data: { workspace: input.workspace, next: 'List them.' } })
      }),
      exec: os.workspaces.exec.handler(({ input }) => {
        probe.execStdin.push(input.stdin ?? '')
        return { exitCode: 0, stdout: '', stderr: '', timedOut: false, truncated: false }
      }),
      logs: os.workspaces.logs.handler(async function* ({ input, signal }) {
        probe.logInputs.push(input)
        if (!input.follow) {
          yield entry('first')
          yield entry('second')
          return
        }
        try {
          while (!signal?.aborted) {
            probe.floodCount++
            yield entry('x'.repeat(64 * 1024))
          }
        } finally {
          probe.floodEnded = true
        }
      }),
    },
  }
}

export const noFiles = new Proxy({} as Parameters<typeof startHttpServer>[0]['files'], {
  get: () => () => {
    throw new Error('The tests of the doors copy no files.')
  },
})

export interface TestDoor {
  server: HttpServer
  probe: RouterProbe
  staticRoot: string
  /** Channels that were attached, by session. */
  channels: Map<string, StreamChannel>
  end(): Promise<void>
}

export async function startTestDoor(options: { port?: number } = {}): Promise<TestDoor> {
  const staticRoot = await mkdtemp(join(tmpdir(), 'berth-page-'))
  await mkdir(join(staticRoot, 'assets'))
  await writeFile(join(staticRoot, 'index.html'), '<!doctype html><title>Berth</title>')
  await writeFile(join(staticRoot, 'assets', 'index-abc123.js'), 'export {}')
  const probe = createProbe()
  const channels = new Map<string, StreamChannel>()
  const server = await startHttpServer({
    router: createTestRouter(probe),
    token: TOKEN,
    port: options.port ?? 0,
    staticRoot,
    version: '0.0.0-test',
    files: noFiles,
    attachStream(sessionId, channel) {
      if (sessionId !== 's1') throw new BerthError('SESSION_NOT_FOUND', 'No such session.', { sessionId, next: 'Open one.' })
      channels.set(sessionId, channel)
    },
  })
  return {
    server,
    probe,
    staticRoot,
    channels,
    async end() {
      await server.close()
      await rm(staticRoot, { recursive: true })
    },
  }
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** A raw request: `fetch` neither sends a foreign Host nor leaves `..` in a path. */
export async function send(
  server: HttpServer,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; host?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body, host } = options
  const request = httpRequest({
    host: '127.0.0.1',
    port: server.port,
    path,
    method,
    headers: host === undefined ? headers : { ...headers, host },
  })
  request.end(body)
  const [response] = await once(request, 'response')
  // The server can have answered without reading all of it.
  request.on('error', () => {})
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, headers: response.headers, text }
}

export const authorized = { authorization: `Bearer ${TOKEN}` }

/** An open WebSocket, or the HTTP status with which it was refused. */
export async function openSocket(
  server: HttpServer,
  path: string,
  protocols: string[] = ['berth', TOKEN],
  options: { headers?: Record<string, string>; origin?: string } = {},
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols, options)
  return await new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      response.resume()
    })
    socket.on('error', reject)
  })
}

export async function mustOpen(...parameters: Parameters<typeof openSocket>): Promise<WebSocket> {
  const socket = await openSocket(...parameters)
  if (typeof socket === 'number') throw new Error(`Refused with ${socket}`)
  return socket
}

export async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close')
  return code
}
