import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Of a packet that is lost, how much later it comes: the sender waits for so long before it sends it again. */
const LOST_MS = 200
const PACKET_BYTES = 1448

export interface SlowProxy {
  port: number
  close(): void
}

/**
 * A far way to a server: what goes through it comes `delayMs` later, on each way, and later still when one of its packets is lost, together with
 * all behind it. Like a network with that delay and loss as TCP shows it, for machines whose kernel has no netem. `random` gives 0 to 1.
 */
export async function startSlowProxy(
  target: { host: string; port: number },
  { delayMs, loss, random }: { delayMs: number; loss: number; random: () => number },
): Promise<SlowProxy> {
  const sockets = new Set<Socket>()

  function carry(from: Socket, to: Socket): void {
    let lastDue = 0
    /** One timer for all: two of a few milliseconds do not always come in the order in which they are due. */
    const underWay: { due: number; work: () => void }[] = []
    const arriveLater = () => {
      const [first] = underWay
      if (first) setTimeout(arrive, Math.max(0, Math.ceil(first.due - performance.now())))
    }
    const arrive = () => {
      while (underWay[0] && underWay[0].due <= performance.now()) underWay.shift()?.work()
      arriveLater()
    }
    const later = (bytes: number, work: () => void) => {
      const packets = Math.max(1, Math.ceil(bytes / PACKET_BYTES))
      const lost = Array.from({ length: packets }, random).filter((chance) => chance < loss).length
      // In order: nothing overtakes what was lost.
      lastDue = Math.max(lastDue, performance.now() + delayMs + lost * LOST_MS)
      underWay.push({ due: lastDue, work })
      if (underWay.length === 1) arriveLater()
    }
    from.on('data', (chunk: Buffer) => later(chunk.length, () => to.destroyed || to.write(chunk)))
    from.on('end', () => later(0, () => to.end()))
    from.on('error', () => to.destroy())
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    carry(client, upstream)
    carry(upstream, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
