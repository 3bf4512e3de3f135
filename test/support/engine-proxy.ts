import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Of the machine's engine. */
const ENGINE_SOCKET = process.env.DOCKER_HOST?.startsWith('unix://')
  ? process.env.DOCKER_HOST.slice('unix://'.length)
  : '/var/run/docker.sock'

/** What becomes of a request: on to the engine, never answered, or its connection is closed in place of an answer. */
type Fate = 'pass' | 'hold' | 'cut'

export interface EngineProxy {
  /** For the setting `engineEndpoint`. */
  endpoint: string
  /** Request lines so far: “GET /containers/json?all=true HTTP/1.1”. */
  requests: string[]
  /** Asked for each request from then on. */
  decide(fate: (requestLine: string) => Fate): void
  /** Ends all connections and takes no new ones, as if the engine were stopped. */
  cut(): void
  restore(): Promise<void>
  /** Ends the event stream after that text, as a line that is cut off does. */
  breakEvents(text: string): void
  /** From now on nothing passes, on connections there are and on new ones, while all of them stay open: as if the engine hung. */
  stall(): void
  resume(): void
  close(): Promise<void>
}

/** A way to the real engine that counts what is asked, and can be cut, stalled and spoilt. `target` is another engine's socket. */
export async function startEngineProxy(target = ENGINE_SOCKET): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-proxy-'))
  const path = join(folder, 'engine.sock')
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const eventStreams = new Set<Socket>()
  let decide: (requestLine: string) => Fate = () => 'pass'
  let isStalled = false

  // What is half closed on one side is so on the other: a helper's input ends before its output does.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ path: target, allowHalfOpen: true })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        eventStreams.delete(socket)
      })
      socket.on('error', () => socket.destroy())
      if (isStalled) socket.pause()
    }
    let isHeld = false
    const close = () => {
      client.destroy()
      upstream.destroy()
    }
    client.on('data', (chunk) => {
      const line = chunk.toString('latin1').split('\r\n', 1)[0] ?? ''
      if (line.endsWith('HTTP/1.1')) {
        requests.push(line)
        if (line.startsWith('GET /events')) eventStreams.add(client)
        const fate = decide(line)
        if (fate === 'cut') close()
        isHeld = fate === 'hold'
      }
      if (!isHeld && !upstream.destroyed) forward(chunk, client, upstream)
    })
    upstream.on('data', (chunk) => forward(chunk, upstream, client))
    client.on('end', () => upstream.end())
    upstream.on('end', () => client.end())
    client.on('close', close)
    upstream.on('close', close)
  })

  function forward(chunk: Buffer, from: Socket, to: Socket): void {
    if (to.write(chunk)) return
    from.pause()
    to.once('drain', () => {
      if (!isStalled) from.resume()
    })
  }

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
    decide(fate) {
      decide = fate
    },
    cut,
    restore: listen,
    breakEvents(text) {
      for (const client of eventStreams) client.end(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`)
    },
    stall() {
      isStalled = true
      for (const socket of sockets) socket.pause()
    },
    resume() {
      isStalled = false
      for (const socket of sockets) socket.resume()
    },
    async close() {
      cut()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
