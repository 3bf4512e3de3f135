import { once } from 'node:events'
import type { Socket } from 'node:net'
import { PassThrough, type Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type Docker from 'dockerode'
import { type EngineConnection, request } from './connection'
import { demultiplex } from './demultiplex'
import { conflictIf, engineError, ignoreStatus, nullIfMissing } from './engine-errors'

export interface ExecOptions {
  containerId: string
  /** Program and arguments, run without a shell. */
  command: string[]
  user: string
  cwd?: string | undefined
  /** On top of the container’s own; null takes one of these away. Nobody can ask the engine for them afterwards, unlike for the container’s. */
  environment?: Record<string, string | null> | undefined
  tty: boolean
  /** Whether it gets an input; without one it reads an end of file at once. */
  stdin: boolean
}

/** A command that runs in a container. Ending the stream does not end the command: the engine has no call for that. */
export interface ExecStream {
  id: string
  /** With a tty, all output. */
  stdout: Readable
  /** Ends at once with a tty. */
  stderr: Readable
  stdin: Writable | null
  resize(cols: number, rows: number): Promise<void>
  /** Resolves when the command has ended. */
  exitCode(): Promise<number>
  /** Drops the connection. */
  destroy(): void
}

export interface Exec {
  /** Throws ENGINE_REFUSED when the container does not run. */
  start(options: ExecOptions): Promise<ExecStream>
}

/**
 * The engine looks for keys that detach from a terminal, and holds back their beginning until the next byte arrives. This cannot be turned
 * off: no value or an empty one means Ctrl+P Ctrl+Q, and the sequence cannot begin with a byte that no terminal sends. Keys are read from a
 * JSON string, where bytes from 128 become two or three (“Invalid escape keys”), so each is one of the 128 that can be typed; and only a
 * further byte, which the program would get too, makes the engine release what it holds (`escapeProxy` of moby/term). Therefore this is a
 * sequence that nobody types, beginning with the byte that is least often used alone: Ctrl+Space, which programs use before another key.
 */
const NEVER_TYPED = [
  'ctrl-@',
  'ctrl-_',
  'ctrl-@',
  'ctrl-^',
  'ctrl-@',
  'ctrl-]',
  'ctrl-@',
  'ctrl-_',
  'ctrl-^',
  'ctrl-@',
  'ctrl-^',
  'ctrl-_',
].join()

export function createExec(connection: EngineConnection): Exec {
  return {
    start: (options) => request(connection, `run ${options.command[0] ?? ''}`, (docker) => startExec(docker, connection, options)),
  }
}

async function startExec(docker: Docker, connection: EngineConnection, options: ExecOptions): Promise<ExecStream> {
  const container = docker.getContainer(options.containerId)
  const notRunning = async () => !(await nullIfMissing(container.inspect()))?.State.Running
  const exec = await conflictIf(
    notRunning,
    container.exec({
      Cmd: options.command,
      User: options.user,
      WorkingDir: options.cwd,
      Env: Object.entries(options.environment ?? {}).map(([name, value]) => (value === null ? name : `${name}=${value}`)),
      Tty: options.tty,
      ...(options.tty ? { DetachKeys: NEVER_TYPED } : {}),
      AttachStdin: options.stdin,
      AttachStdout: true,
      AttachStderr: true,
    }),
  )
  // Upgraded to a plain socket, so that the input can be ended while output still comes.
  const socket = (await exec.start({ hijack: true, stdin: options.stdin, Tty: options.tty })) as unknown as Socket
  const resize = (cols: number, rows: number) =>
    request(connection, 'resize the terminal', async (asking) => {
      // 201: Podman's way to say yes.
      await ignoreStatus(201, asking.getExec(exec.id).resize({ w: cols, h: rows }))
    })
  const outputs = options.tty ? { stdout: socket.pipe(new PassThrough()), stderr: emptyStream() } : demultiplex(socket)
  socket.on('error', (error) => {
    outputs.stdout.destroy(error)
    outputs.stderr.destroy(error)
  })
  // Of one with a terminal too, nobody need read it.
  outputs.stdout.on('error', () => undefined)
  return {
    id: exec.id,
    ...outputs,
    stdin: options.stdin ? inputOf(socket, connection) : null,
    resize,
    exitCode: async () => {
      // A terminal is open for days: that is no call that an answer is due to.
      await closed(socket, connection)
      return request(connection, 'read the exit code', (asking) => waitForExit(asking, exec.id), 'long')
    },
    destroy: () => socket.destroy(),
  }
}

/** Typed input needs no answer. But nobody should type into a hanging engine without noticing. */
function inputOf(socket: Socket, connection: EngineConnection): Writable {
  const input = new Writable({
    write(chunk: Buffer, _, done) {
      connection.sent()
      socket.write(chunk, done)
    },
    final: (done) => void socket.end(done),
  })
  // Its outputs fail with the same error, and are read.
  input.on('error', () => undefined)
  socket.on('error', (error) => input.destroy(error))
  socket.on('close', () => input.destroy())
  return input
}

async function closed(socket: Socket, connection: EngineConnection): Promise<void> {
  if (socket.readableEnded || socket.destroyed) return
  try {
    await once(socket, 'close')
  } catch (error) {
    throw engineError(error, 'read the exit code', connection.endpoint())
  }
}

/** The output ends when the last writer closes it, which need not be when the command ends: then the engine's event tells. */
async function waitForExit(docker: Docker, id: string): Promise<number> {
  const exec = docker.getExec(id)
  const first = await exec.inspect()
  if (!first.Running) return first.ExitCode ?? 0
  const events = (await docker.getEvents({ filters: { container: [first.ContainerID], event: ['exec_die', 'exec_died'] } })) as Readable
  try {
    const ended = endOf(events)
    ended.catch(() => undefined)
    // It may have ended while the event stream was being opened: look once more before waiting for each next event.
    for (;;) {
      const state = await exec.inspect()
      if (!state.Running) return state.ExitCode ?? 0
      await Promise.race([once(events, 'data'), ended])
    }
  } finally {
    events.destroy()
  }
}

/** Throws when the stream ends. */
async function endOf(stream: Readable): Promise<never> {
  await finished(stream)
  throw Object.assign(new Error('the engine closed the connection'), { code: 'ECONNRESET' })
}

function emptyStream(): Readable {
  const stream = new PassThrough()
  stream.end()
  return stream
}
