import { EventEmitter } from 'node:events'
import { surroundings } from '../world/current'

/** Listening is only ever tried here, to see whether a port is free. */
class Server extends EventEmitter {
  listen({ port }: { port: number }, onListening: () => void): this {
    const { world, isPortTaken } = surroundings()
    world.after(world.random.next(), () => {
      if (isPortTaken(port)) this.emit('error', Object.assign(new Error('EADDRINUSE'), { code: 'EADDRINUSE' }))
      else onListening()
    })
    return this
  }
  close(onClosed?: () => void): this {
    if (onClosed) surroundings().world.after(0, onClosed)
    return this
  }
}
export const createServer = () => new Server()
export const isIP = (address: string) => (/^[\d.]+$/.test(address) ? 4 : 0)
export class Socket {}
