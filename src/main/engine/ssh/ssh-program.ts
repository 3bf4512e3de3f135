import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { isMissing } from '../../../shared/file-error-code'
import type { EngineSurroundings } from '../engine-address'

/** Kept of what ssh writes, in characters: the end of its complaints. */
const KEPT_COMPLAINTS = 2000
const MOST_OUTPUT = 256 * 1024
/** So many of the last lines tell why ssh ended. */
const REASON_LINES = 3
/** How long a program has to end after being asked to. */
const END_MS = 2000

/** Of a connection to the machine, from the first packet on. */
export const CONNECT_MS = 15_000

/** Berth's own known hosts, beside the user's: keys that somebody trusted here. */
export function knownEnginesPath({ berthHome }: EngineSurroundings): string {
  return join(berthHome, 'ssh/known_engines')
}

/**
 * For every run of ssh that connects: no questions, known keys only, and nothing from the user's configuration that is meant for
 * interactive sessions. `globalKnownHosts` is as printed by ssh.
 */
export function reachingOptions(surroundings: EngineSurroundings, globalKnownHosts: string): string[] {
  const options = {
    BatchMode: 'yes',
    StrictHostKeyChecking: 'yes',
    // Of both lists this is the one that people seldom change: what ssh prints cannot be read back where paths have spaces.
    GlobalKnownHostsFile: `${globalKnownHosts} ${quoted(knownEnginesPath(surroundings))}`.trim(),
    UpdateHostKeys: 'no',
    ConnectTimeout: CONNECT_MS / 1000,
    ServerAliveInterval: 5,
    ServerAliveCountMax: 3,
    ControlPersist: 'no',
    ClearAllForwardings: 'yes',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    PermitLocalCommand: 'no',
    RemoteCommand: 'none',
    // No banners and notices among the reasons.
    LogLevel: 'ERROR',
  }
  return [...configArguments(surroundings), ...asArguments(options)]
}

export function configArguments({ sshConfig }: EngineSurroundings): string[] {
  return sshConfig === undefined ? [] : ['-F', sshConfig]
}

export function asArguments(options: Record<string, string | number>): string[] {
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** A path as a value of ssh's configuration. */
export function quoted(path: string): string {
  return `"${path}"`
}

/** Starts the user's ssh (or a program beside it) in a session of its own, without a terminal that anybody could be asked on. */
export function startProgram(
  program: string,
  args: string[],
  { environment }: EngineSurroundings,
  stdio: SpawnOptions['stdio'],
): ChildProcess {
  // A question from a jump host would open a window that nobody could relate to anything.
  const env = { ...environment, SSH_ASKPASS_REQUIRE: 'never' }
  return spawn(program, args, { env, stdio, detached: process.platform !== 'win32', windowsHide: true })
}

/** Ends it and all that it started, with TERM, and with KILL what does not go. Resolves when it has ended. */
export async function endProgram(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || !isRunning(child)) return
  const ended = once(child, 'exit')
  signalGroup(child, 'SIGTERM')
  const late = setTimeout(() => signalGroup(child, 'SIGKILL'), END_MS)
  await ended
  clearTimeout(late)
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || !isRunning(child)) return
  if (process.platform === 'win32') return void child.kill(signal)
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // Between its end and the news of it.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Reads a program's error output. Returns a function that gives its last lines; empty if there were none. */
export function complaintsOn(stderr: Readable | null): () => string {
  let text = ''
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-KEPT_COMPLAINTS)
  })
  const lines = () =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  return () => lines().slice(-REASON_LINES).join(' ')
}

export interface SshResult {
  /** null when a signal ended it. */
  exitCode: number | null
  stdout: string
  /** The last lines. */
  complaints: string
}

/** Runs ssh or ssh-keygen to its end, with nothing to read. Throws when it cannot be started, and the signal's reason when that ends it. */
export async function runProgram(
  program: 'ssh' | 'ssh-keygen',
  args: string[],
  surroundings: EngineSurroundings,
  signal: AbortSignal,
): Promise<SshResult> {
  signal.throwIfAborted()
  const child = startProgram(program, args, surroundings, ['ignore', 'pipe', 'pipe'])
  const complaints = complaintsOn(child.stderr)
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (stdout.length < MOST_OUTPUT) stdout += chunk
  })
  const abort = () => void endProgram(child)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null]
    signal.throwIfAborted()
    return { exitCode, stdout, complaints: complaints() }
  } catch (error) {
    throw startError(program, error)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** In words when the program is not there; as it is else. */
export function startError(program: string, error: unknown): unknown {
  return isMissing(error) ? new Error(`the program “${program}” is not installed on this machine`, { cause: error }) : error
}
