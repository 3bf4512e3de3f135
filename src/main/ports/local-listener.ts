import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { log } from '../log'

const LOOPBACK = '127.0.0.1'
/** How many ports after the wanted one are tried before the system is asked for any. */
const NEIGHBOURS = 100

/** A port of this machine, on loopback, whose connections are carried elsewhere. */
export interface LocalListener {
  port: number
  /** How many connections there are now. */
  connections(): number
  /** Ends it and its connections. */
  close(): void
}

/**
 * Listens on the wanted port or, where that is taken, on the next free one. Each connection is carried by one of `connect`;
 * when that fails, it is reset.
 */
export async function listenLocally(wanted: number, connect: () => Promise<Duplex>): Promise<LocalListener> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    carry(socket, connect).catch((error: unknown) => {
      log.debug({ err: error }, 'a forwarded connection failed')
      socket.resetAndDestroy()
    })
  })
  const port = await listenNear(server, wanted)
  server.on('error', (error) => log.error({ err: error, port }, 'a forwarded port has failed'))
  return {
    port,
    connections: () => sockets.size,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Each side is read only as fast as the other takes it, and ends when the other has. */
async function carry(socket: Socket, connect: () => Promise<Duplex>): Promise<void> {
  socket.on('error', () => undefined)
  const channel = await connect()
  if (socket.destroyed) {
    channel.destroy()
    return
  }
  channel.on('error', () => socket.destroy())
  channel.on('close', () => socket.destroySoon())
  socket.on('close', () => channel.destroy())
  socket.pipe(channel)
  channel.pipe(socket)
  socket.resume()
}

async function listenNear(server: Server, wanted: number): Promise<number> {
  const last = Math.min(wanted + NEIGHBOURS, 65_535)
  for (let port = wanted; port <= last; port++) {
    if (await listen(server, port)) return port
  }
  await listen(server, 0)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the system assigned no port')
  return address.port
}

/** False if the port is taken or needs privileges. Throws other errors of the system. */
function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening)
      if (port !== 0 && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) resolve(false)
      else reject(error)
    }
    const onListening = () => {
      server.off('error', onError)
      resolve(true)
    }
    server.once('error', onError).once('listening', onListening)
    server.listen({ port, host: LOOPBACK, exclusive: true })
  })
}
