import type { Readable, Writable } from 'node:stream'
import { nanoid } from 'nanoid'
import { BerthError } from '../../shared/errors'
import type { Exec, ExecOptions, ExecStream } from './exec'
import { endProcessTree, MARKER_VARIABLE, type ProcessTree, signalProcessTree } from './process-tree'

export interface TrackedExecOptions {
  containerId: string
  /** Program and arguments; null for the login shell of the user. With the marker by which its processes are found. */
  command: string[] | null | ((marker: string) => string[])
  user: string
  /** It must exist. Left out: `preferredCwd`, or the nearest folder above that exists; without one, the user's home. */
  cwd?: string | undefined
  preferredCwd?: string | null
  env?: ExecOptions['environment']
  tty: boolean
  stdin: boolean
  /** Of its terminal, if it has a tty. */
  size?: { cols: number; rows: number } | undefined
  /** Whether what cuts itself loose ends with it. */
  detached: ProcessTree['detached']
  /** Default: a new one. Set it if leftovers must be found later (`endMarked`). */
  marker?: string | undefined
}

/** A command in a container that can be ended, with everything it started. */
export interface TrackedExec {
  /** What runs; for a login shell, its program. */
  command: string[]
  stdout: Readable
  stderr: Readable
  stdin: Writable | null
  resize(cols: number, rows: number): Promise<void>
  exitCode(): Promise<number>
  /**
   * Ends the command and its processes: asked first, killed a second later. Answers when they are gone; a container that does
   * not run any more is fine, any other failure of the engine is thrown.
   */
  end(): Promise<void>
  /** To the command and its processes; a signal's name without SIG. */
  signal(name: string): Promise<void>
  /** Drops the connection; the program keeps running. */
  destroy(): void
}

/**
 * The engine cannot end an exec, nor tell which process of the container it is. So a few lines of shell run before the command: they find
 * the directory and the program, and print in the first line of output which process they are (number and start), or what is missing. `$1`
 * is a directory that must exist, `$2` one that may exist, as may its parents, `$3` the size of the terminal for `stty`; the rest is the
 * command. The size is set here and not by a call, which would come after the program has looked, or even ended.
 */
const LAUNCHER = `
[ -z "$1" ] || cd "$1" 2>/dev/null || { echo no-directory; exit 126; }
folder=$2
until [ -n "$1" ] || [ -z "$folder" ] || cd "$folder" 2>/dev/null; do folder=\${folder%/*}; done
[ -n "$1$folder" ] || cd 2>/dev/null || cd /
[ -z "$3" ] || stty $3
shift 3
if [ $# -eq 0 ]; then
  SHELL=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f7)
  [ -x "$SHELL" ] || SHELL=$(command -v bash) || SHELL=/bin/sh
  export SHELL
  set -- "$SHELL" -l
fi
command -v "$1" >/dev/null || { echo no-program; exit 127; }
LANG=\${LANG:-C.UTF-8}
export LANG
{ read -r stat </proc/$$/stat; } 2>/dev/null
program=$1
start() { echo "$$ \${20} $program"; }
start \${stat##*) }
exec "$@"
`

const TERMINAL_ENV = { TERM: 'xterm-256color', COLORTERM: 'truecolor' }

/** The launcher's first line is shorter than this; anything else in its place (the engine's own error) is cut here. */
const LONGEST_FIRST_LINE = 8192

/** Throws EXEC_FAILED when the directory or the program is not there, ENGINE_REFUSED when the container does not run. */
export async function startTracked(engineExec: Exec, options: TrackedExecOptions): Promise<TrackedExec> {
  const { containerId, user, tty, size, marker = nanoid() } = options
  const command = typeof options.command === 'function' ? options.command(marker) : options.command
  const sizeArgument = tty && size ? `cols ${size.cols} rows ${size.rows}` : ''
  const exec = await engineExec.start({
    containerId,
    command: ['sh', '-c', LAUNCHER, 'sh', options.cwd ?? '', options.preferredCwd ?? '', sizeArgument, ...(command ?? [])],
    user,
    environment: { ...(tty ? TERMINAL_ENV : {}), ...options.env, [MARKER_VARIABLE]: marker },
    tty,
    stdin: options.stdin,
  })
  const firstLine = await readFirstLine(exec)
  const [pid = '', startedAt = '', program = ''] = firstLine.split(' ', 3)
  if (!isNumber(pid) || !isNumber(startedAt)) {
    exec.destroy()
    throw launchFailed(options, command, firstLine)
  }
  const tree: ProcessTree = { pid, startedAt, marker, detached: options.detached }
  return {
    command: command ?? [program, '-l'],
    stdout: exec.stdout,
    stderr: exec.stderr,
    stdin: exec.stdin,
    resize: exec.resize,
    exitCode: exec.exitCode,
    // A shell at a terminal takes no notice of TERM; a hang-up it passes on to its jobs.
    end: () => endProcessTree(engineExec, containerId, tree, tty ? 'HUP' : 'TERM'),
    signal: (name) => signalProcessTree(engineExec, containerId, tree, name),
    destroy: exec.destroy,
  }
}

/** Takes the first line off the output and leaves the rest in it. When there is none: all that came. */
function readFirstLine({ stdout }: ExecStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let read: Buffer = Buffer.alloc(0)
    const settle = (line: Buffer) => {
      stdout.off('readable', takeMore).off('end', endOfOutput).off('close', endOfOutput).off('error', fail)
      resolve(line.toString('utf8').trim())
    }
    const takeMore = () => {
      for (let chunk: Buffer | null = stdout.read(); chunk !== null; chunk = stdout.read()) {
        read = Buffer.concat([read, chunk])
        const end = read.indexOf('\n')
        if (end !== -1) {
          const rest = read.subarray(end + 1)
          if (rest.length > 0) stdout.unshift(rest)
          settle(read.subarray(0, end))
          return
        }
        if (read.length > LONGEST_FIRST_LINE) settle(read.subarray(0, LONGEST_FIRST_LINE))
      }
    }
    const endOfOutput = () => settle(read)
    const fail = (error: Error) => reject(error)
    stdout.on('readable', takeMore).on('end', endOfOutput).on('close', endOfOutput).on('error', fail)
  })
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isInteger(Number(text))
}

function launchFailed({ cwd, user }: TrackedExecOptions, command: string[] | null, said: string): BerthError<'EXEC_FAILED'> {
  const program = command?.[0] ?? 'the login shell'
  const [reason, next] =
    said === 'no-directory'
      ? [`the folder ${cwd} does not exist or ${user} cannot open it`, 'Choose a folder that exists in the workspace.']
      : said === 'no-program'
        ? ['the program is not installed in the workspace', 'Check the spelling, or install the program in the workspace first.']
        : [said === '' ? 'it ended before it started' : said, 'Check the log of the workspace for details.']
  return new BerthError('EXEC_FAILED', `Could not run ${program}: ${reason}.`, { command: program, reason, next })
}
