import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ENGINE_SOCKET = '/var/run/docker.sock'

export interface EngineProxy {
  /** For the setting `engineEndpoint`. */
  endpoint: string
  /** Request lines so far: “GET /containers/json?all=true HTTP/1.1”. */
  requests: string[]
  /** Ends all connections and takes no new ones, as if the engine were stopped. */
  cut(): void
  restore(): Promise<void>
  close(): Promise<void>
}

/** A way to the real engine that counts what is asked and can be cut. */
export async function startEngineProxy(): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-proxy-'))
  const path = join(folder, 'engine.sock')
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(ENGINE_SOCKET)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => socket.destroy())
    }
    client.on('data', (chunk) => {
      const line = chunk.toString('latin1').split('\r\n', 1)[0] ?? ''
      if (line.endsWith('HTTP/1.1')) requests.push(line)
    })
    client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  const listen = async () => {
    server.listen(path)
    await once(server, 'listening')
  }
  const cut = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  await listen()
  return {
    endpoint: `unix://${path}`,
    requests,
    cut,
    restore: listen,
    async close() {
      cut()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
