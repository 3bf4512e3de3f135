import { resolve } from 'node:path'
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { WebSocket } from 'ws'
import { berthHomePath } from '../../shared/berth-home-path'
import type { BerthClient } from '../../shared/contract/contract'
import type { Door } from '../../shared/door'
import { RPC_PATH } from '../../shared/door-addresses'
import { STREAM_PATH } from '../../shared/stream-frames'
import { CliError } from '../cli-error'
import type { CliContext } from '../context'
import { remark } from '../output/output'
import { startBerth } from './autostart'
import { DoorClosedError, openSocket, readDoor } from './door'
import { rpcSocket } from './rpc-socket'

/** A running Berth, as the contract and as sockets for the bytes of sessions. */
export interface Connection {
  client: BerthClient
  door: Door
  openStream(sessionId: string): Promise<WebSocket>
  /** Fulfilled when Berth has hung up, or we have. */
  closed: Promise<void>
}

export function berthHome(host: Pick<CliContext, 'env' | 'platform' | 'homedir'>): string {
  return resolve(berthHomePath(host.env, host.platform, host.homedir))
}

/**
 * Hands `use` a connection to the Berth of this home, which is started if none runs, and closes it after. Throws
 * BERTH_NOT_RUNNING when it may not be started, CONNECTION_LOST when it went away in the middle.
 */
export async function withConnection<Result>(context: CliContext, use: (connection: Connection) => Promise<Result>): Promise<Result> {
  const connection = await findConnection(context)
  if (connection !== null) {
    tellOfOtherVersion(context, connection.door)
    return hangUpAfter(connection, use)
  }
  const home = berthHome(context)
  if (!context.options.autostart) {
    throw new CliError('BERTH_NOT_RUNNING', `No Berth runs in ${home}.`, { next: 'Start one with “berth serve”.', data: { home } })
  }
  if (context.options.verbose) context.stderr.write('Starting Berth in the background\n')
  return hangUpAfter(await startBerth(context, home, () => findConnection(context)), use)
}

/** After an upgrade the old Berth goes on, with the files that it has loaded. */
function tellOfOtherVersion(context: CliContext, { version }: Door): void {
  if (version === context.version) return
  remark(
    context,
    `Berth ${version} is still running; this is ${context.version}. “berth quit” ends it, and the next command starts this one. Workspaces keep running.`,
  )
}

/** null when no Berth runs; none is started. */
export async function withRunningBerth<Result>(
  context: CliContext,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result | null> {
  const connection = await findConnection(context)
  return connection === null ? null : hangUpAfter(connection, use)
}

interface OpenConnection extends Connection {
  socket: WebSocket
}

async function findConnection(context: CliContext): Promise<OpenConnection | null> {
  const door = await readDoor(berthHome(context))
  if (door === null) return null
  try {
    const socket = await openSocket(door, RPC_PATH)
    const client = createORPCClient<BerthClient>(new RPCLink({ websocket: rpcSocket(socket) }))
    socket.resume()
    return {
      socket,
      door,
      client,
      openStream: (sessionId) => openSocket(door, STREAM_PATH + encodeURIComponent(sessionId)),
      closed: new Promise((fulfil) => socket.once('close', () => fulfil())),
    }
  } catch (error) {
    if (!(error instanceof DoorClosedError)) throw error
    if (context.options.verbose) context.stderr.write(`The door at ${door.url} stays shut: ${error.message}\n`)
    return null
  }
}

async function hangUpAfter<Result>(connection: OpenConnection, use: (connection: Connection) => Promise<Result>): Promise<Result> {
  const { socket } = connection
  try {
    return await use(connection)
  } catch (error) {
    const hungUp = socket.readyState === socket.CLOSED || socket.readyState === socket.CLOSING
    if (!hungUp || error instanceof CliError || error instanceof ORPCError) throw error
    throw new CliError('CONNECTION_LOST', 'Berth went away before it answered.', {
      next: 'Run “berth list” to see how things stand, then try again.',
      cause: error,
    })
  } finally {
    socket.close()
  }
}
