import { Readable } from 'node:stream'
import { BerthError } from '../../shared/errors'
import { type PtyProgram, startOnPty } from '../host/pty'
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
  const known = await access.knownHost(workspace.id, workspace.containerId)
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
  const program = await startOnPty('ssh', args, { ...size, env: { ...process.env, COLORTERM: 'truecolor' } })
  return sessionProcess(program, ['ssh', `${user}@${workspace.name}`])
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

/** As a session's process. */
function sessionProcess({ stdout, stdin, resize, exitCode, kill }: PtyProgram, command: string[]): SessionProcess {
  return {
    ...{ command, stdout, stdin, exitCode },
    stderr: Readable.from([]),
    resize: async (cols, rows) => resize(cols, rows),
    async end() {
      kill('HUP')
      const timer = setTimeout(() => kill('KILL'), HANG_UP_MS)
      await exitCode()
      clearTimeout(timer)
    },
    signal: async (name) => kill(name),
    destroy: () => kill('HUP'),
  }
}

function noSshServer(workspace: string): BerthError {
  const reason = `${workspace} has no ssh server`
  return new BerthError('EXEC_FAILED', `Could not run ssh: ${reason}.`, { command: 'ssh', reason, next: 'Restart the workspace.' })
}
