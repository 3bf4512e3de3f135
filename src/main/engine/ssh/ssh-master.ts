import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { EngineSurroundings } from '../engine-address'
import { findSocketScript, type RemoteSocket, readSocketLine } from './find-socket'
import { readHostSettings } from './host-keys'
import { complaintsOn, endProgram, reachingOptions, runProgram, startError, startProgram } from './ssh-program'
import { isPlainPath, type SshTarget, targetArguments } from './ssh-target'

/** Sockets have short paths: 104 bytes on macOS, of which ssh needs 17 for a name that it begins with. */
const LONGEST_FOLDER = 70
/** What only tells the master on this machine something. */
const CONTROL_MS = 5000

/**
 * Ends the master and removes its folder when Berth dies, which closes the input; `$0` is the folder and the rest the command that ends the
 * master. Without it a connection over which a terminal is open would outlive Berth, and keep its ports.
 */
const AFTER_BERTH = 'cat >/dev/null; "$@" >/dev/null 2>&1; rm -rf -- "$0"'

/** One connection to a machine, which other runs of ssh share. */
export interface SshMaster {
  /** Private; for sockets. Removed at the end. */
  folder: string
  remote: RemoteSocket
  /** Arguments for a run of ssh that goes through it to run the command over there; on its own where the machine takes no more sessions. */
  sessionArguments(command: string): string[]
  /** Adds or removes a forward (“local:remote”, as of ssh's `-L`). Throws what ssh complains of. */
  forward(action: 'forward' | 'cancel', forward: string): Promise<void>
  /** Called once when it ends by itself. */
  onEnd(listener: (cause: Error) => void): void
  /** Resolves when it has ended and its folder is gone. */
  close(): Promise<void>
}

/** Connects. Throws what ssh complains of, and the signal's reason when that ends it. */
export async function openMaster(target: SshTarget, surroundings: EngineSurroundings, signal: AbortSignal): Promise<SshMaster> {
  const { globalKnownHosts } = await readHostSettings(target, surroundings, signal)
  const folder = await privateFolder()
  const control = join(folder, 'm')
  const local = ['-F', '/dev/null', '-S', control]
  const janitor = startProgram('sh', ['-c', AFTER_BERTH, folder, 'ssh', ...local, '-O', 'exit', '--', 'engine'], surroundings, [
    'pipe',
    'ignore',
    'ignore',
  ])
  // Its only duty is to be there when Berth is not.
  janitor.on('error', () => undefined)
  janitor.stdin?.on('error', () => undefined)
  janitor.unref()
  const options = reachingOptions(surroundings, globalKnownHosts)
  const child = startProgram('ssh', ['-M', '-S', control, '-T', ...options, ...targetArguments(target), 'sh', '-s'], surroundings, 'pipe')
  const complaints = complaintsOn(child.stderr)
  const ended = endOf(child, complaints)
  let isClosing = false

  async function close(): Promise<void> {
    isClosing = true
    await endProgram(child)
    janitor.stdin?.end()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    child.stdin?.on('error', () => undefined).write(findSocketScript(target.socketPath))
    const remote = await Promise.race([firstWord(child), ended.then((cause) => Promise.reject(cause)), aborted(signal)])
    return {
      folder,
      remote,
      sessionArguments: (command) => ['-S', control, '-o', 'ControlMaster=no', '-T', ...options, ...targetArguments(target), command],
      async forward(action, forward) {
        const args = [...local, '-O', action, '-L', forward, '--', 'engine']
        const result = await runProgram('ssh', args, surroundings, AbortSignal.timeout(CONTROL_MS))
        if (result.exitCode !== 0) throw new Error(result.complaints || `ssh did not ${action} ${forward}`)
      },
      onEnd: (listener) => void ended.then((cause) => isClosing || listener(cause)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** In the temporary folder, unless its path is too long for a socket or nothing to hand to ssh as it is. */
function privateFolder(): Promise<string> {
  const usual = tmpdir()
  return mkdtemp(join(usual.length <= LONGEST_FOLDER && isPlainPath(usual) ? usual : '/tmp', 'berth-ssh-'))
}

/** Why it ended. */
function endOf(child: ChildProcess, complaints: () => string): Promise<Error> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(asError(startError('ssh', error))))
    child.once('close', () => resolve(new Error(complaints() || 'ssh closed the connection without a message')))
  })
}

/** Resolves when the remote script has reported where the engine is; earlier output of the login is ignored. */
function firstWord(child: ChildProcess): Promise<RemoteSocket> {
  return new Promise((resolve) => {
    if (!child.stdout) return
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      const found = readSocketLine(line)
      if (found) resolve(found)
    })
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
