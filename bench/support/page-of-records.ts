import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve } from 'node:path'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { ENGINE, fakeWorkspace } from '../../src/cli/testing/fake-records'
import { contract } from '../../src/shared/contract/contract'
import { settingsSchema } from '../../src/shared/contract/settings'
import { RPC_PATH, WEBSOCKET_PROTOCOL } from '../../src/shared/door-addresses'

const PAGE = resolve('out/renderer')
const TYPES: Record<string, string> = { '.css': 'text/css', '.js': 'text/javascript', '.html': 'text/html', '.svg': 'image/svg+xml' }

export interface PageOfRecords {
  link: string
  close(): Promise<void>
}

/** The built page over real sockets, with workspaces that are only records: any number of them, and nothing else takes time. */
export async function servePageOfRecords(count: number): Promise<PageOfRecords> {
  const workspaces = Array.from({ length: count }, (_, index) => ({
    ...fakeWorkspace(`workspace-${String(index).padStart(3, '0')}`, { status: index % 3 === 0 ? 'running' : 'stopped' }),
    createdAt: new Date(1_700_000_000_000 + index * 1000).toISOString(),
  }))
  const os = implement(contract)
  const handler = new RPCHandler({
    events: {
      subscribe: os.events.subscribe.handler(async function* ({ signal }) {
        yield {
          type: 'snapshot' as const,
          engines: [{ id: 'local', name: 'local', address: null, isDefault: true, state: ENGINE }],
          swarms: [],
          workspaces,
          operations: [],
          snapshots: [],
          terminals: [],
          terminalLayouts: [],
          ports: [],
          adoptable: [],
          damagedFiles: [],
          settings: settingsSchema.parse({}),
        }
        await new Promise<void>((ended) => signal?.addEventListener('abort', () => ended()))
      }),
    },
    ports: {
      watch: os.ports.watch.handler(async function* ({ input, signal }) {
        yield { workspaceId: input.workspace, listeners: [], forwards: [] }
        await new Promise<void>((ended) => signal?.addEventListener('abort', () => ended()))
      }),
    },
    sshConfig: {
      status: os.sshConfig.status.handler(() => ({ file: '', userFile: '', line: '', installed: false, obstacle: null })),
    },
    system: {
      info: os.system.info.handler(() => ({
        version: '0.0.0',
        door: 'headless' as const,
        pid: process.pid,
        platform: 'linux',
        arch: 'x64',
        startedAt: '2026-01-01T00:00:00.000Z',
        home: '/nowhere',
        sshKeyPath: '/nowhere/key',
        sshConfigPath: '/nowhere/ssh/config',
        secretKeyPath: '/nowhere/secret-key',
      })),
    },
  })
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => WEBSOCKET_PROTOCOL })
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    const file = join(PAGE, path === '/' ? 'index.html' : path)
    readFile(file).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (request.url === RPC_PATH) void handler.upgrade(webSocket)
      else webSocket.close(4404)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    link: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#token=bench`,
    async close() {
      for (const client of sockets.clients) client.terminate()
      await new Promise((closed) => server.close(closed))
    },
  }
}
