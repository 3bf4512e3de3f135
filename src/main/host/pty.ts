import { Readable, Writable } from 'node:stream'
import type { IPty } from 'node-pty'
import { BerthError } from '../../shared/errors'

interface PtyOptions {
  cols: number
  rows: number
  cwd?: string
  env: NodeJS.ProcessEnv
}

/** A program on a terminal of this machine. */
export interface PtyProgram {
  pid: number
  /** All its output. */
  stdout: Readable
  stdin: Writable
  resize(cols: number, rows: number): void
  exitCode(): Promise<number>
  /** A signal's name without SIG. */
  kill(signal: string): void
}

/** Throws TERMINAL_UNAVAILABLE without node-pty's binary, or when the program cannot be started. */
export async function startOnPty(program: string, args: string[], options: PtyOptions): Promise<PtyProgram> {
  const pty = await loadPty()
  try {
    return ptyProgram(pty.spawn(program, args, { name: 'xterm-256color', encoding: null, ...options }))
  } catch (error) {
    throw unavailable(`the program ${program} could not be started`, error)
  }
}

/** Loaded when it is first needed: it has a binary part, which may be missing. */
async function loadPty(): Promise<typeof import('node-pty')> {
  try {
    return await import('node-pty')
  } catch (error) {
    throw unavailable('Berth’s component for terminals on this machine is missing', error)
  }
}

function ptyProgram(pty: IPty): PtyProgram {
  const exited = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      resolve(signal ? 128 + signal : exitCode)
      // The last output may come after the exit; node-pty says the exit once its socket is closed.
      stdout.push(null)
    })
  })
  const stdout = new Readable({ read: () => pty.resume() })
  // Its types know of text only; with no encoding the bytes come as they are.
  pty.onData((data: string | Buffer) => {
    if (!stdout.push(data)) pty.pause()
  })
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pty.write(chunk)
      done()
    },
  })
  return {
    pid: pty.pid,
    stdout,
    stdin,
    resize: (cols, rows) => pty.resize(cols, rows),
    exitCode: () => exited,
    kill: (signal) => pty.kill(`SIG${signal}`),
  }
}

function unavailable(reason: string, cause: unknown): BerthError {
  return new BerthError(
    'TERMINAL_UNAVAILABLE',
    `A terminal on this machine is unavailable: ${reason}.`,
    { reason, next: 'Open a shell session instead, which needs no component on this machine.' },
    { cause },
  )
}
