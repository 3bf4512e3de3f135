import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { PassThrough, Readable } from 'node:stream'
import { BerthError } from '../../shared/errors'
import type { Exec, ExecOptions, ExecStream } from '../engine/exec'
import { startOnPty } from './pty'

/** Of Berth's own environment these are about Berth itself, and nothing for what a person runs. */
const OWN_VARIABLES = ['ELECTRON_RUN_AS_NODE', 'ELECTRON_NO_ASAR', 'NODE_OPTIONS', 'NODE_CHANNEL_FD', 'BERTH_TOKEN']

/** A terminal gets its real size from the launcher of the session. */
const FIRST_SIZE = { cols: 80, rows: 24 }

let count = 0

/**
 * Runs commands on this machine, as the user that Berth runs as: `containerId` and `user` mean nothing here. Each begins a session of its own in the
 * kernel's sense, as an exec of an engine does, so that all it starts is found again.
 */
export const hostExec: Exec = {
  start: (options) => (options.tty ? startWithTerminal(options) : startWithPipes(options)),
}

async function startWithTerminal({ command, cwd = '/', environment }: ExecOptions): Promise<ExecStream> {
  const [program = '', ...args] = command
  const { pid, stdout, stdin, resize, exitCode, kill } = await startOnPty(program, args, {
    ...FIRST_SIZE,
    cwd,
    env: environmentWith(environment),
  })
  return {
    ...{ id: `${pid}`, stdout, stdin, exitCode },
    stderr: Readable.from([]),
    resize: async (cols, rows) => resize(cols, rows),
    destroy: () => kill('HUP'),
  }
}

async function startWithPipes({ command, cwd = '/', environment, stdin }: ExecOptions): Promise<ExecStream> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    ...{ cwd, env: environmentWith(environment), detached: true },
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  await started(child, program)
  const [stdout, stderr] = [outputOf(child.stdout), outputOf(child.stderr)]
  const exited = exitCodeOf(child)
  child.stdin?.on('error', () => undefined)
  count += 1
  return {
    id: `${child.pid}.${count}`,
    ...{ stdout, stderr, stdin: child.stdin },
    resize: async () => undefined,
    exitCode: () => exited,
    destroy() {
      for (const stream of [child.stdin, child.stdout, child.stderr, stdout, stderr]) stream?.destroy()
    },
  }
}

/** When a command ends, Node discards unread output, but a later reader must still get it. */
function outputOf(pipe: Readable | null): Readable {
  if (pipe === null) throw new Error('a command was started without pipes')
  return pipe.on('error', () => undefined).pipe(new PassThrough())
}

async function started(child: ChildProcess, program: string): Promise<void> {
  try {
    await once(child, 'spawn')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it could not be started'
    throw new BerthError(
      'EXEC_FAILED',
      `Could not run ${program}: ${reason}.`,
      { ...{ command: program, reason }, next: 'Check that the program and the folder exist.' },
      { cause: error },
    )
  }
}

/** As a shell has it: 128 and the signal's number for what a signal ended. */
function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}

function environmentWith(given: ExecOptions['environment'] = {}): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  for (const name of OWN_VARIABLES) delete environment[name]
  for (const [name, value] of Object.entries(given)) {
    if (value === null) delete environment[name]
    else environment[name] = value
  }
  return environment
}
