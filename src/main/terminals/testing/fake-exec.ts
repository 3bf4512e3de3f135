import { PassThrough } from 'node:stream'
import type { Engine } from '../../engine/engine'
import type { ExecOptions, ExecStream } from '../../engine/exec'

/** A command of the double: a test plays its part. */
export interface FakeCommand {
  options: ExecOptions
  stdout: PassThrough
  stderr: PassThrough
  stdin: PassThrough
  sizes: string[]
  killed: boolean
  destroyed: boolean
  /** Ends its output, and then itself. */
  exit(exitCode: number): void
}

export interface FakeExecEngine extends Pick<Engine, 'exec'> {
  commands: FakeCommand[]
  /** What the launcher says on its first line. */
  firstLine: string
  /** What a command does when it is asked to end; by default it exits with 129. */
  onKill(command: FakeCommand): void
  resizeGate: Promise<void>
}

/** An engine that runs nothing, for unit tests: enough of it that sessions cannot tell. */
export function createFakeExecEngine(): FakeExecEngine {
  const engine: FakeExecEngine = {
    commands: [],
    firstLine: '41 7000 /bin/bash\n',
    onKill: (command) => command.exit(129),
    resizeGate: Promise.resolve(),
    exec: {
      async start(options) {
        // Only what ends others has no input.
        if (!options.stdin) return startKiller(engine)
        return startCommand(engine, options)
      },
    },
  }
  return engine
}

function startCommand(engine: FakeExecEngine, options: ExecOptions): ExecStream {
  let setExited: (exitCode: number) => void = () => {}
  const exited = new Promise<number>((resolve) => {
    setExited = resolve
  })
  const command: FakeCommand = {
    options,
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    stdin: new PassThrough(),
    sizes: [],
    killed: false,
    destroyed: false,
    exit(exitCode) {
      command.stdout.end()
      command.stderr.end()
      setExited(exitCode)
    },
  }
  if (options.tty) command.stderr.end()
  command.stdout.write(engine.firstLine)
  engine.commands.push(command)
  return {
    id: 'exec',
    stdout: command.stdout,
    stderr: command.stderr,
    stdin: command.stdin,
    async resize(cols, rows) {
      await engine.resizeGate
      command.sizes.push(`${cols}x${rows}`)
    },
    exitCode: () => exited,
    destroy() {
      command.destroyed = true
    },
  }
}

function startKiller(engine: FakeExecEngine): ExecStream {
  const ended = () => {
    const stream = new PassThrough()
    stream.end()
    return stream
  }
  for (const command of engine.commands) {
    if (command.killed) continue
    command.killed = true
    engine.onKill(command)
  }
  return { id: 'killer', stdout: ended(), stderr: ended(), stdin: null, resize: async () => {}, exitCode: async () => 0, destroy() {} }
}
