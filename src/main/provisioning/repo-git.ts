import type { Readable } from 'node:stream'
import type { BerthError } from '../../shared/errors'
import { HOME_FOLDER } from '../../shared/files/file-path'
import type { Progress } from '../../shared/operation'
import type { RepoCredential } from '../../shared/repo-url'
import type { Engine } from '../engine/engine'
import { type RunResult, runCommand } from '../engine/run-command'
import { credentialConfig } from './repo-credential'

const MAX_OUTPUT_BYTES = 1024 * 1024

/** A repository that is being brought into a workspace. */
export interface RepoWork {
  engine: Pick<Engine, 'exec'>
  containerId: string
  workspace: string
  /** The folder inside that its repositories are in; left out for the home folder of a container. */
  folder?: string
  /** Without a credential. */
  url: string
  credential: RepoCredential | null
  /** It is on another server than the one that the workspace can have a credential for. */
  isElsewhere?: boolean
  /** The ssh agent of this machine; null when it is not forwarded. */
  useAgent?(): { environment: Record<string, string>; linked(): Promise<BerthError | null>; release(): void } | null
  /** By which ssh finds that agent while it is used. */
  agentEnvironment?: Record<string, string> | undefined
  signal: AbortSignal
  onProgress(progress: Progress | null, detail: string): void
  /** Something a person should know of. */
  notice(text: string): void
}

interface InsideOptions {
  stdin?: string | Readable | undefined
  timeoutMs?: number
  onStderr?(text: string): void
}

/** The ssh command for git: it never prompts, and only accepts hosts in known_hosts. */
export const QUIET_SSH = ['ssh', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=10']

/** git that never asks, gives up on a server that sends nothing for half a minute, and speaks English. Large files are fetched afterwards. */
const QUIET_GIT = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
  GIT_SSH_COMMAND: QUIET_SSH.join(' '),
  GIT_HTTP_LOW_SPEED_LIMIT: '1',
  GIT_HTTP_LOW_SPEED_TIME: '30',
  GIT_LFS_SKIP_SMUDGE: '1',
}

/** The folder that the repositories of the workspace are in. */
export const repoHome = ({ folder = HOME_FOLDER }: Pick<RepoWork, 'folder'>): string => folder

/** Runs a command inside as the user `workspace`. Throws CANCELLED. */
export function runInside(
  { engine, containerId, signal, agentEnvironment, ...work }: RepoWork,
  command: string[],
  options: InsideOptions = {},
): Promise<RunResult> {
  return runCommand(engine.exec, {
    containerId,
    user: 'workspace',
    cwd: repoHome(work),
    command,
    environment: {
      ...QUIET_GIT,
      ...(work.folder === undefined ? { HOME: HOME_FOLDER } : {}),
      ...agentEnvironment,
      ...credentialEnvironment(work),
    },
    maxBytes: MAX_OUTPUT_BYTES,
    signal,
    ...options,
  })
}

/** Where git has its credential, for submodules too: the config of the repository does not reach these. */
function credentialEnvironment({ url, credential }: Pick<RepoWork, 'url' | 'credential'>): Record<string, string> {
  const config = credential && credentialConfig(url)
  return config === null ? {} : { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: config.key, GIT_CONFIG_VALUE_0: config.value }
}

export async function succeeds(work: RepoWork, command: string[]): Promise<boolean> {
  return (await runInside(work, command)).exitCode === 0
}
