import { PassThrough } from 'node:stream'
import type { CliHost, InputStream, InterruptSignal, OutputStream } from '../context'

export type FakeStream = OutputStream & { text(): string }

export function fakeStream(terminal: { isTTY?: boolean; columns?: number } = {}): FakeStream {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return Object.assign(stream, terminal, { text: () => text })
}

export interface FakeHost extends CliHost {
  readonly input: InputStream & PassThrough
  readonly stdout: FakeStream
  readonly stderr: FakeStream
  /** Of the command line, and of the fake Berth. */
  readonly version: string
  /** As the terminal or another program would. */
  signal(signal: InterruptSignal): void
}

/** A process without a terminal whose Berth lives in `home`; with `terminal`, one with. */
export function fakeHost(
  home: string,
  options: { env?: Record<string, string>; terminal?: boolean; headlessPath?: string } = {},
): FakeHost {
  const listeners: Record<InterruptSignal, Set<() => void>> = { SIGINT: new Set(), SIGTERM: new Set() }
  const terminal = options.terminal === true ? { isTTY: true, columns: 80 } : {}
  const input = Object.assign(new PassThrough(), terminal)
  return {
    env: { BERTH_HOME: home, ...options.env },
    platform: 'linux',
    homedir: '/home/me',
    input,
    stdin: () => input,
    stdout: fakeStream(terminal),
    stderr: fakeStream(terminal),
    version: '1.2.3',
    headlessPath: options.headlessPath ?? '/nowhere/headless.js',
    onSignal: (signal, listener) => {
      listeners[signal].add(listener)
      return () => listeners[signal].delete(listener)
    },
    signal: (signal) => {
      for (const listener of [...listeners[signal]]) listener()
    },
  }
}
