import { EventEmitter } from 'node:events'
import { surroundings } from '../world/current'
import type { World } from '../world/world'

/** Ports that this process listens on; they are free again when it is killed. */
const listening = new WeakMap<World, { process: number; ports: Set<number> }>()

function portsOf(world: World): Set<number> {
  const known = listening.get(world)
  if (known?.process === world.process()) return known.ports
  const ports = new Set<number>()
  listening.set(world, { process: world.process(), ports })
  return ports
}

/** Nobody ever connects: what counts is which ports are taken. */
class Server extends EventEmitter {
  #port: number | null = null

  listen({ port: wanted }: { port: number }, onListening?: () => void): this {
    const { world, isPortTaken } = surroundings()
    if (onListening) this.once('listening', onListening)
    world.after(world.random.next(), () => {
      const ports = portsOf(world)
      const port = wanted === 0 ? 40_000 + ports.size : wanted
      if (ports.has(port) || isPortTaken(port)) {
        this.emit('error', Object.assign(new Error('EADDRINUSE'), { code: 'EADDRINUSE' }))
        return
      }
      ports.add(port)
      this.#port = port
      this.emit('listening')
    })
    return this
  }
  address(): { port: number } | null {
    return this.#port === null ? null : { port: this.#port }
  }
  close(onClosed?: () => void): this {
    const { world } = surroundings()
    if (this.#port !== null) portsOf(world).delete(this.#port)
    if (onClosed) world.after(0, onClosed)
    return this
  }
}
export const createServer = () => new Server()
export const isIP = (address: string) => (/^[\d.]+$/.test(address) ? 4 : 0)
export class Socket {}
