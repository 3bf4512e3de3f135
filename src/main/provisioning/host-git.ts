import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { BerthError } from '../../shared/errors'

/** The folder's own config must not start programs, and nothing in the folder is written. */
const SAFE_OPTIONS = ['-c', 'core.fsmonitor=false', '--no-optional-locks']
/** They would lead git to another repository. */
const LEADING_ELSEWHERE = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR']
/** No prompt in a terminal, no dialog, no browser (of Git Credential Manager). */
const NEVER_ASKING = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '', GCM_INTERACTIVE: 'never' }
const KEPT_ERROR_BYTES = 8192

interface HostGitResult {
  exitCode: number
  stdout: string
  stderr: string
}

/** git of this machine, at work in a folder. */
export interface HostGit {
  stdout: Readable
  /** Throws GIT_UNAVAILABLE when there is no git. */
  ended(): Promise<Omit<HostGitResult, 'stdout'>>
}

interface HostGitOptions {
  /** Aborting ends it. */
  signal?: AbortSignal
  /** What it reads. */
  input?: string
  environment?: Record<string, string>
}

/** Starts git of this machine in a folder. Its output is to be read. It never asks a person. */
export function startHostGit(folder: string, command: string[], options: HostGitOptions = {}): HostGit {
  const { signal = new AbortController().signal, input = '' } = options
  const env: NodeJS.ProcessEnv = { ...process.env, ...NEVER_ASKING, LC_ALL: 'C', ...options.environment }
  for (const name of LEADING_ELSEWHERE) delete env[name]
  const child = spawn('git', [...SAFE_OPTIONS, '-C', folder, ...command], { env, stdio: 'pipe', signal })
  // git can end before it has read everything; its exit tells why.
  child.stdin.on('error', () => undefined).end(input)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_ERROR_BYTES)
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  // Node discards unread output of a process that has ended.
  const stdout = child.stdout.pipe(new PassThrough())
  closed.catch(() => stdout.end())
  return {
    stdout,
    async ended() {
      try {
        const [exitCode] = await closed
        return { exitCode: exitCode ?? -1, stderr }
      } catch (error) {
        throw signal.aborted ? cancelled() : gitUnavailable(error)
      }
    },
  }
}

/** Runs git of this machine in a folder. Throws GIT_UNAVAILABLE, CANCELLED. */
export async function runHostGit(folder: string, command: string[], options: HostGitOptions = {}): Promise<HostGitResult> {
  const running = startHostGit(folder, command, options)
  const [output, end] = await Promise.allSettled([buffer(running.stdout), running.ended()])
  // When git cannot be started its output ends early, too; that is not the cause.
  if (end.status === 'rejected') throw end.reason
  if (output.status === 'rejected') throw output.reason
  return { ...end.value, stdout: output.value.toString('utf8') }
}

function gitUnavailable(cause: unknown): BerthError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new BerthError(
    'GIT_UNAVAILABLE',
    `git could not be started on this machine: ${reason}.`,
    { reason, next: 'Install git on this machine, or clone from a server instead of a folder.' },
    { cause },
  )
}

function cancelled(): BerthError {
  return new BerthError('CANCELLED', 'git was cancelled.', { what: 'git', next: 'Start the workspace again to retry the clone.' })
}
