import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { CliHost, InterruptSignal } from './context'
import { EXIT } from './exit-codes'
import { main } from './main'

declare const __BERTH_VERSION__: string

const host: CliHost = {
  env: process.env,
  platform: process.platform,
  homedir: homedir(),
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  headlessPath: join(import.meta.dirname, 'headless.js'),
  onSignal: (signal: InterruptSignal, listener) => {
    process.on(signal, listener)
    return () => process.off(signal, listener)
  },
}

// `berth logs demo | head`: whoever read has had enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.brokenPipe)
    throw error
  })
}

const flushed = (stream: Writable) => new Promise<void>((resolve) => stream.write('', () => resolve()))

const exitCode = await main(process.argv.slice(2), host, __BERTH_VERSION__)
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
// Not left to an empty event loop: an open stdin would keep it waiting.
process.exit(exitCode)
