import type { ChildProcess } from 'node:child_process'
import { Agent } from 'node:http'
import { Duplex } from 'node:stream'
import { complaintsOn, endProgram, startError } from './ssh-program'

/** What Node's http needs from a socket besides a stream, and what is counted. */
interface ProcessSocket extends Duplex {
  bytesRead: number
  setKeepAlive(): ProcessSocket
  setNoDelay(): ProcessSocket
  setTimeout(milliseconds: number, listener?: () => void): ProcessSocket
  ref(): ProcessSocket
  unref(): ProcessSocket
}

/** Precedes everything from the engine: a user's shell files may print anything before it. */
const MARK = 'berth-engine\n'
/** Nobody's shell says more. */
const LONGEST_NOTICE = 64 * 1024

/** For a shell over there: reaches the engine at that socket, or the one that Docker's client finds by itself. The path needs no quotes. */
export function dialCommand(socketPath: string | null): string {
  const host = socketPath === null ? '' : `--host unix://${socketPath} `
  return `echo ${MARK.trim()}; exec docker ${host}system dial-stdio`
}

/** Carries each connection over the input and output of a program, which `dial` starts: `dialCommand` on the engine's machine. */
export function createDialAgent(dial: () => ChildProcess, unusedMs: number): Agent {
  const agent = new Agent({ keepAlive: true, timeout: unusedMs, scheduling: 'lifo' })
  agent.createConnection = () => socketOf(dial())
  return agent
}

/** A program as a socket. Closing one closes the other; one that fails before it has said anything gives its complaints as the error. */
function socketOf(child: ChildProcess): ProcessSocket {
  const { stdin, stdout, stderr } = child
  if (!stdin || !stdout) throw new Error('a program was started without pipes')
  const complaints = complaintsOn(stderr)
  /** What came before the mark; null after it. */
  let notice: Buffer | null = Buffer.alloc(0)
  let idle: NodeJS.Timeout | undefined
  let idleMs = 0

  function touch(): void {
    clearTimeout(idle)
    if (idleMs === 0) return
    idle = setTimeout(() => socket.emit('timeout'), idleMs)
    idle.unref()
  }

  function afterMark(chunk: Buffer): Buffer {
    const all = Buffer.concat([notice ?? Buffer.alloc(0), chunk])
    const at = all.indexOf(MARK)
    notice = at === -1 ? all : null
    if (all.length > LONGEST_NOTICE && at === -1) stream.destroy(new Error('the remote shell produces endless output'))
    return at === -1 ? Buffer.alloc(0) : all.subarray(at + MARK.length)
  }

  const stream = new Duplex({
    // As a socket: whose other side has said all, is closed.
    allowHalfOpen: false,
    read: () => void stdout.resume(),
    write(chunk: Buffer, _, done) {
      touch()
      stdin.write(chunk, (error) => done(error))
    },
    final: (done) => void stdin.end(() => done()),
    destroy(error, done) {
      clearTimeout(idle)
      stdin.destroy()
      stdout.destroy()
      endProgram(child).then(
        () => done(error),
        (failure: unknown) => done(error ?? asError(failure)),
      )
    },
  })
  const socket: ProcessSocket = Object.assign(stream, {
    bytesRead: 0,
    setKeepAlive: () => socket,
    setNoDelay: () => socket,
    ref: () => socket,
    unref: () => socket,
    setTimeout(milliseconds: number, listener?: () => void) {
      idleMs = milliseconds
      if (listener) socket.once('timeout', listener)
      touch()
      return socket
    },
  })
  stdout.on('data', (chunk: Buffer) => {
    touch()
    const said = notice === null ? chunk : afterMark(chunk)
    socket.bytesRead += said.length
    if (said.length > 0 && !stream.push(said)) stdout.pause()
  })
  stdin.on('error', () => undefined)
  stdout.on('error', (error) => stream.destroy(error))
  child.once('error', (error) => stream.destroy(asError(startError('ssh', error))))
  child.once('close', () => {
    const complaint = complaints()
    if (socket.bytesRead === 0 && complaint !== '') stream.destroy(Object.assign(new Error(complaint), { code: 'ECONNRESET' }))
    else stream.push(null)
  })
  return socket
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
