import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { DOOR_FILE, type Door, doorSchema } from '../../shared/door'
import { WEBSOCKET_PROTOCOL } from '../../shared/door-addresses'

const HANDSHAKE_MILLISECONDS = 10_000

/** Why nobody opened, in words. */
export class DoorClosedError extends Error {
  override readonly name = 'DoorClosedError'
}

/** The door file in `home`; null when there is none, or what is there is no door (the next Berth writes it anew). */
export async function readDoor(home: string): Promise<Door | null> {
  let text: string
  try {
    text = await readFile(join(home, DOOR_FILE), 'utf8')
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return null
    throw error
  }
  const door = doorSchema.safeParse(parseJson(text))
  return door.success ? door.data : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/**
 * Opens a WebSocket to `path` of that door, paused: the caller listens, then resumes it. Throws DoorClosedError when nobody answers there, or not as Berth does. A door whose
 * process has ended is not even knocked at: its port may be another program's by now, which would be handed the token.
 */
export async function openSocket(door: Door, path: string): Promise<WebSocket> {
  if (!isAlive(door.pid)) throw new DoorClosedError(`its process ${door.pid} has ended`)
  const socket = new WebSocket(door.url.replace(/^http/, 'ws') + path, [WEBSOCKET_PROTOCOL, door.token], {
    handshakeTimeout: HANDSHAKE_MILLISECONDS,
    perMessageDeflate: false,
  })
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(new DoorClosedError(error.message, { cause: error }))
    socket.once('error', refuse)
    socket.once('open', () => {
      socket.off('error', refuse)
      // What goes wrong from here on ends in `close`, which every user of a socket listens to.
      socket.on('error', () => socket.terminate())
      // The first message may be there already, before the caller can listen.
      socket.pause()
      resolve(socket)
    })
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process (EPERM) is not our Berth either.
    if (isNodeError(error)) return false
    throw error
  }
}

export function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
