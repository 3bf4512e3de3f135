import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { fileErrorCode } from '../../shared/file-error-code'
import { SSH_CONTAINER_PORT } from '../../shared/ssh-host'
import { log } from '../log'
import type { Exec } from './exec'
import { portUnavailable } from './port-unavailable'

const LOOPBACK = '127.0.0.1'
/** More at once are not taken: each is a command in a container. */
const CONNECTIONS = 64

/** Ends with either side: what is left of the two directions is in its process group. `$1` is the port. */
const CARRY = 'exec 3<>"/dev/tcp/127.0.0.1/$1" || exit; { cat <&3; kill 0; } & cat >&3; kill 0'

/**
 * Ports of this machine's loopback that lead to the ssh servers of containers, each connection by a command there: for an engine whose machine is
 * in reach for nothing but its API. Nothing has to listen in anybody's reach on that machine.
 */
export interface PortTunnels {
  /** From then on the port leads to this container, even if it led to another. Throws ENGINE_PORT_UNAVAILABLE. */
  bring(port: number, containerId: string): Promise<void>
  drop(port: number): void
  close(): void
}

export function createPortTunnels(exec: Exec, host: () => string): PortTunnels {
  const tunnels = new Map<number, { containerId: string; server: Server; sockets: Set<Socket>; listening: Promise<unknown> }>()

  async function carry(socket: Socket, containerId: string): Promise<void> {
    socket.on('error', () => undefined)
    const command = ['bash', '-c', CARRY, 'berth-port', String(SSH_CONTAINER_PORT)]
    const run = await exec.start({ containerId, command, user: 'root', tty: false, stdin: true })
    const end = () => {
      socket.destroySoon()
      run.destroy()
    }
    run.stdout.on('error', end).on('close', end).pipe(socket)
    run.stderr.on('error', end).resume()
    run.stdin?.on('error', end)
    // The end of the input has the command end.
    socket.on('close', () => run.stdin?.end())
    if (run.stdin) socket.pipe(run.stdin)
    if (socket.destroyed) end()
    socket.resume()
  }

  function drop(port: number): void {
    const tunnel = tunnels.get(port)
    tunnels.delete(port)
    tunnel?.server.close()
    for (const socket of tunnel?.sockets ?? []) socket.destroy()
  }

  return {
    async bring(port, containerId) {
      const known = tunnels.get(port)
      if (known) {
        known.containerId = containerId
        await known.listening
        return
      }
      const sockets = new Set<Socket>()
      const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
        carry(socket, tunnels.get(port)?.containerId ?? containerId).catch((error: unknown) => {
          log.debug({ err: error, port }, 'a connection to the ssh server of a workspace could not be forwarded')
          socket.resetAndDestroy()
        })
      })
      server.maxConnections = CONNECTIONS
      server.listen({ port, host: LOOPBACK, exclusive: true })
      const listening = once(server, 'listening')
      tunnels.set(port, { containerId, server, sockets, listening })
      try {
        await listening
        server.on('error', (error) => log.error({ err: error, port }, 'a port that is forwarded to a workspace has failed'))
      } catch (error) {
        tunnels.delete(port)
        const isTaken = fileErrorCode(error) === 'EADDRINUSE'
        throw portUnavailable(host(), port, isTaken ? 'another program on this machine uses it' : String(error), error)
      }
    },
    drop,
    close() {
      for (const port of tunnels.keys()) drop(port)
    },
  }
}
