import { Readable, Writable } from 'node:stream'
import type { IPty } from 'node-pty'
import { BerthError } from '../../shared/errors'
import type { SessionProcess } from './session-process'
import type { SessionWorkspace } from './session-workspace'
import type { TerminalSize } from './terminal-size'

/** A program on this machine that does not take the hang-up is killed after this time. */
const HANG_UP_MS = 1000

/** What ssh needs to have of Berth. */
export interface SshAccess {
  /** Berth's own. */
  privateKeyPath: string
  /** Whether that workspace gets the ssh agent. */
  forwardsAgent(workspaceId: string): boolean
  /** The file that has the host keys of a workspace that runs, and the name they have there; null when it has no ssh server. */
  knownHost(workspaceId: string, containerId: string): Promise<{ file: string; alias: string } | null>
}

interface SshOptions {
  access: SshAccess
  workspace: SessionWorkspace & { containerId: string }
  user: string
  /** null for a login shell. */
  command: string[] | null
  cwd: string | undefined
  size: TerminalSize
}

/**
 * The ssh program of this machine, on a terminal of its own, to the workspace's ssh server, whose keys are known beforehand. Throws TERMINAL_UNAVAILABLE without node-pty's binary or an
 * ssh program, EXEC_FAILED when the workspace has no ssh server.
 */
export async function startSsh(options: SshOptions): Promise<SessionProcess> {
  const { workspace, access, user, size } = options
  if (!workspace.ssh) throw noSshServer(workspace.name)
  const [pty, known] = await Promise.all([loadPty(), access.knownHost(workspace.id, workspace.containerId)])
  if (!known) throw noSshServer(workspace.name)
  const args = [
    ...[
      '-i',
      access.privateKeyPath,
      '-p',
      String(workspace.ssh.port),
      '-l',
      user,
      '-F',
      'none',
      '-t',
      access.forwardsAgent(workspace.id) ? '-A' : '-a',
    ],
    ...[
      'IdentitiesOnly=yes',
      `UserKnownHostsFile="${known.file}"`,
      'GlobalKnownHostsFile=none',
      `HostKeyAlias=${known.alias}`,
      'StrictHostKeyChecking=yes',
      'LogLevel=ERROR',
      'ServerAliveInterval=15',
    ].flatMap((option) => ['-o', option]),
    workspace.ssh.host,
    remoteCommand(options),
  ]
  const spawned = spawn(pty, args, size)
  return ptyProcess(spawned, ['ssh', `${user}@${workspace.name}`])
}

function spawn(pty: typeof import('node-pty'), args: string[], { cols, rows }: TerminalSize): IPty {
  try {
    return pty.spawn('ssh', args, { name: 'xterm-256color', cols, rows, encoding: null, env: { ...process.env, COLORTERM: 'truecolor' } })
  } catch (error) {
    throw unavailable('the ssh program could not be started', error)
  }
}

/** Loaded when it is first needed: it has a binary part, which may be missing. */
async function loadPty(): Promise<typeof import('node-pty')> {
  try {
    return await import('node-pty')
  } catch (error) {
    throw unavailable('the part of Berth for terminals of this machine is missing', error)
  }
}

/**
 * The server's shell reads this: every word of the caller's is quoted for it. It has the variables of the workspace's ssh logins; given here
 * they would be arguments of a program of this machine, for all its users to see.
 */
function remoteCommand({ workspace, command, cwd }: SshOptions): string {
  const words = ['env', 'COLORTERM=truecolor', ...(command ?? ['sh', '-c', 'exec "$SHELL" -l'])]
  return `${changeFolder(cwd, workspace.repoPath)}exec ${words.map(quoted).join(' ')}`
}

/** The folder that was asked for, if it is there; else the repository's, or the nearest above that. */
function changeFolder(cwd: string | undefined, repoPath: string | null): string {
  if (cwd !== undefined) return `cd ${quoted(cwd)} 2>/dev/null; `
  if (repoPath === null) return ''
  return `f=${quoted(repoPath)}; until [ -z "$f" ] || cd "$f" 2>/dev/null; do f=\${f%/*}; done; `
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** A program on a terminal of this machine, as a session's process. */
function ptyProcess(pty: IPty, command: string[]): SessionProcess {
  const exited = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      resolve(signal ? 128 + signal : exitCode)
      // The last output may come after the exit; node-pty says the exit once its socket is closed.
      stdout.push(null)
    })
  })
  const stdout = new Readable({ read: () => pty.resume() })
  // Its types know of text only; with no encoding the bytes come as they are.
  pty.onData((data: string | Buffer) => {
    if (!stdout.push(data)) pty.pause()
  })
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pty.write(chunk)
      done()
    },
  })
  const signal = async (name: string) => pty.kill(`SIG${name}`)
  return {
    command,
    stdout,
    stderr: Readable.from([]),
    stdin,
    async resize(cols, rows) {
      pty.resize(cols, rows)
    },
    exitCode: () => exited,
    async end() {
      pty.kill('SIGHUP')
      const timer = setTimeout(() => pty.kill('SIGKILL'), HANG_UP_MS)
      await exited
      clearTimeout(timer)
    },
    signal,
    destroy: () => pty.kill('SIGHUP'),
  }
}

function noSshServer(workspace: string): BerthError {
  const reason = `${workspace} has no ssh server`
  return new BerthError('EXEC_FAILED', `Could not run ssh: ${reason}.`, { command: 'ssh', reason, next: 'Restart the workspace.' })
}

function unavailable(reason: string, cause: unknown): BerthError {
  return new BerthError(
    'TERMINAL_UNAVAILABLE',
    `A terminal of this machine cannot be had: ${reason}.`,
    { reason, next: 'Open a shell of the workspace instead; it needs nothing on this machine.' },
    { cause },
  )
}
