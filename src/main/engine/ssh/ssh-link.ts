import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { Semaphore } from 'async-mutex'
import { fileErrorCode } from '../../../shared/file-error-code'
import { dialOptions, socketOptions } from '../docker-client'
import type { EngineSurroundings } from '../engine-address'
import type { Link } from '../link'
import { portUnavailable } from '../port-unavailable'
import { createDialAgent, dialCommand } from './dial-stdio'
import { judgeHostKey, readHostSettings } from './host-keys'
import { hostProblem } from './host-problem'
import { openMaster, type SshMaster } from './ssh-master'
import { CONNECT_MS, reachingOptions, runProgram, startProgram } from './ssh-program'
import { isPlainPath, type SshTarget, targetArguments } from './ssh-target'

/** The connection's own end comes sooner when the machine is gone (`ServerAliveCountMax`), and what is uploaded goes before a ping. */
const PING_MS = 20_000
/** As of connections that Node makes (`transport.ts`). */
const UNUSED_MS = 5000
const BROUGHT_AT_ONCE = 4

/**
 * Reaches an engine by the user's own ssh: one connection, to whose end requests go through a socket in a folder of Berth's, or by a program
 * over there (`docker system dial-stdio`) where the server does not forward sockets. Throws ENGINE_HOST_UNKNOWN, ENGINE_HOST_CHANGED, and what
 * ssh complains of.
 */
export async function openSshLink(target: SshTarget, surroundings: EngineSurroundings, signal: AbortSignal): Promise<Link> {
  if (surroundings.platform === 'win32') return openUnshared(target, surroundings, signal)
  const master = await orHostProblem(target, surroundings, signal, (limit) => openMaster(target, surroundings, limit))
  try {
    const { state, path } = master.remote
    if (state === 'denied') throw new Error(`the user has no permission to use ${path} on ${target.host}`)
    if (state === 'missing' && path !== '') throw new Error(`the socket ${path} does not exist on ${target.host}`)
    const socketPath = state === 'usable' ? await forwardedSocket(master, path, signal) : null
    // The command goes to a shell over there.
    if (path !== '' && !isPlainPath(path)) throw new Error(`${path} contains characters that Berth does not pass to ssh`)
    const command = dialCommand(path === '' ? null : path)
    const dial = () => startProgram('ssh', master.sessionArguments(command), surroundings, 'pipe')
    return {
      options: socketPath === null ? dialOptions() : socketOptions(socketPath),
      agent: socketPath === null ? createDialAgent(dial, UNUSED_MS) : null,
      isInsecure: false,
      pingMs: PING_MS,
      onEnd: master.onEnd,
      carriesPorts: true,
      ...createPorts(target, master),
      close: master.close,
    }
  } catch (error) {
    await master.close()
    throw error
  }
}

/**
 * Where ssh cannot share a connection (Windows): each connection is a program over there, with a login of its own. Whether one can log in is
 * found out before. It cannot add a port to a connection that it has.
 */
async function openUnshared(target: SshTarget, surroundings: EngineSurroundings, signal: AbortSignal): Promise<Link> {
  const { socketPath } = target
  const args = await orHostProblem(target, surroundings, signal, async (limit) => {
    const { globalKnownHosts } = await readHostSettings(target, surroundings, limit)
    const options = [
      '-S',
      'none',
      '-o',
      'ControlMaster=no',
      '-T',
      ...reachingOptions(surroundings, globalKnownHosts),
      ...targetArguments(target),
    ]
    const { exitCode, complaints } = await runProgram('ssh', [...options, 'exit'], surroundings, limit)
    if (exitCode !== 0) throw new Error(complaints || 'ssh closed the connection without a message')
    return options
  })
  const dial = () => startProgram('ssh', [...args, dialCommand(socketPath)], surroundings, 'pipe')
  return {
    options: dialOptions(),
    agent: createDialAgent(dial, UNUSED_MS),
    isInsecure: false,
    pingMs: PING_MS,
    onEnd: () => undefined,
    carriesPorts: false,
    bringPort: async () => undefined,
    dropPort: async () => undefined,
    close: async () => undefined,
  }
}

/** Throws what `connect` throws, or what is wrong with the server's key when that is why. */
async function orHostProblem<Value>(
  target: SshTarget,
  surroundings: EngineSurroundings,
  signal: AbortSignal,
  connectTo: (limit: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = AbortSignal.timeout(CONNECT_MS)
  try {
    return await connectTo(AbortSignal.any([signal, late]))
  } catch (error) {
    signal.throwIfAborted()
    if (late.aborted) throw new Error(`ssh did not connect within ${CONNECT_MS / 1000} s`, { cause: error })
    const judged = await judgeHostKey(target, surroundings, AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]))
    throw hostProblem(target, judged) ?? error
  }
}

/** The local end of a forward to the engine's socket; null where the server does not forward, or nobody answers. */
async function forwardedSocket(master: SshMaster, path: string, signal: AbortSignal): Promise<string | null> {
  const socketPath = join(master.folder, 'e')
  await master.forward('forward', `${socketPath}:${path}`)
  return (await answers(socketPath, AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]))) ? socketPath : null
}

/** Whether anything is said there before the connection is closed. */
async function answers(socketPath: string, signal: AbortSignal): Promise<boolean> {
  const socket = connect(socketPath)
  socket.on('error', () => undefined)
  try {
    socket.write('GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n')
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      socket.once('data', () => resolve(true))
      socket.once('close', () => resolve(false))
    })
  } finally {
    socket.destroy()
  }
}

function createPorts({ host }: SshTarget, master: SshMaster): Pick<Link, 'bringPort' | 'dropPort'> {
  const brought = new Map<number, Promise<void>>()
  // Each is a process of this machine, and at a connection those of all workspaces are due.
  const turns = new Semaphore(BROUGHT_AT_ONCE)
  const forwardOf = (port: number) => `127.0.0.1:${port}:127.0.0.1:${port}`

  async function bring(port: number): Promise<void> {
    try {
      await turns.runExclusive(() => master.forward('forward', forwardOf(port)))
    } catch (error) {
      brought.delete(port)
      const isTaken = !(await isFree(port))
      const reason = isTaken ? 'another program on this machine uses it' : error instanceof Error ? error.message : String(error)
      throw portUnavailable(host, port, reason, error)
    }
  }

  return {
    bringPort(port) {
      const known = brought.get(port) ?? bring(port)
      brought.set(port, known)
      return known
    },
    async dropPort(port) {
      const known = brought.get(port)
      if (!known) return
      brought.delete(port)
      // One that failed is not there.
      const isThere = await known.then(
        () => true,
        () => false,
      )
      if (isThere) await master.forward('cancel', forwardOf(port))
    },
  }
}

/** Whether it is known to be free; ssh reports other problems. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return true
  } catch (error) {
    return fileErrorCode(error) !== 'EADDRINUSE'
  } finally {
    server.close()
  }
}
