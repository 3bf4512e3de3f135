import type { Readable, Writable } from 'node:stream'

export type InputStream = Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown }
export type OutputStream = Writable & { isTTY?: boolean; columns?: number; rows?: number }
export type InterruptSignal = 'SIGINT' | 'SIGTERM'

/** What a command sees of the process it runs in; tests hand in their own. */
export interface CliHost {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly homedir: string
  /** A function, since only asking for a process's stdin opens it. */
  stdin(): InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** The program that serves Berth without a window, beside the one that runs. */
  readonly headlessPath: string
  /** Takes the signal away from its default (ending the process) until the returned function is called. */
  onSignal(signal: InterruptSignal, listener: () => void): () => void
}

export interface GlobalOptions {
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly autostart: boolean
}

export interface CliContext extends CliHost {
  readonly options: GlobalOptions
  /** Of this command line; the Berth that runs may be of another one. */
  readonly version: string
}
