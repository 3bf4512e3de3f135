import type { Readable, Writable } from 'node:stream'

/** What runs in a session: a command in a container, or a program on this machine's own terminal. */
export interface SessionProcess {
  /** Program and arguments. */
  command: string[]
  /** With a tty, all output. */
  stdout: Readable
  stderr: Readable
  stdin: Writable | null
  resize(cols: number, rows: number): Promise<void>
  /** Throws when the connection to it is lost. */
  exitCode(): Promise<number>
  /** Ends it with all it started; answers when that is done. */
  end(): Promise<void>
  /** To it and all it started; a signal's name without SIG. */
  signal(name: string): Promise<void>
  /** Drops the connection. */
  destroy(): void
}
