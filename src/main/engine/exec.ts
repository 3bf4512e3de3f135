import { once } from 'node:events'
import type { Socket } from 'node:net'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import type Docker from 'dockerode'
import { type EngineConnection, request } from './connection'
import { demultiplex } from './demultiplex'

export interface ExecOptions {
  containerId: string
  /** Program and arguments; no shell in between. */
  command: string[]
  user: string
  cwd?: string | undefined
  environment?: Record<string, string> | undefined
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

export function createExec(connection: EngineConnection): Exec {
  return {
    start: (options) => request(connection, `run ${options.command[0] ?? ''}`, (docker) => startExec(docker, connection, options)),
  }
}

async function startExec(docker: Docker, connection: EngineConnection, options: ExecOptions): Promise<ExecStream> {
  const exec = await docker.getContainer(options.containerId).exec({
    Cmd: options.command,
    User: options.user,
    WorkingDir: options.cwd,
    Env: Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    Tty: options.tty,
    AttachStdin: options.stdin,
    AttachStdout: true,
    AttachStderr: true,
  })
  // Upgraded to a plain socket, so that the input can be ended while output still comes.
  const socket = (await exec.start({ hijack: true, stdin: options.stdin, Tty: options.tty })) as unknown as Socket
  const resize = (cols: number, rows: number) =>
    request(connection, 'resize the terminal', async () => {
      await exec.resize({ w: cols, h: rows })
    })
  const outputs = options.tty ? { stdout: socket.pipe(new PassThrough()), stderr: emptyStream() } : demultiplex(socket)
  socket.on('error', (error) => {
    outputs.stdout.destroy(error)
  })
  // Of one with a terminal too, nobody need read it.
  outputs.stdout.on('error', () => undefined)
  return {
    id: exec.id,
    ...outputs,
    stdin: options.stdin ? socket : null,
    resize,
    exitCode: () => request(connection, 'read the exit code', () => waitForExit(docker, exec, socket)),
    destroy: () => socket.destroy(),
  }
}

/** The output ends when the last writer closes it, which need not be when the command ends: then the engine's event tells. */
async function waitForExit(docker: Docker, exec: Docker.Exec, socket: Socket): Promise<number> {
  if (!socket.readableEnded && !socket.destroyed) await once(socket, 'close')
  const first = await exec.inspect()
  if (!first.Running) return first.ExitCode ?? 0
  const events = (await docker.getEvents({ filters: { container: [first.ContainerID], event: ['exec_die'] } })) as Readable
  try {
    // It may have ended while the event stream was being opened: look once more before waiting for each next event.
    for (;;) {
      const state = await exec.inspect()
      if (!state.Running) return state.ExitCode ?? 0
      await once(events, 'data')
    }
  } finally {
    events.destroy()
  }
}

function emptyStream(): Readable {
  const stream = new PassThrough()
  stream.end()
  return stream
}
