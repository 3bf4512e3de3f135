import { devNull } from 'node:os'
import { dirname } from 'node:path'
import { formatBytes } from '../../shared/byte-size'
import { BerthError } from '../../shared/errors'
import { splitRepoUrl } from '../../shared/repo-url'
import { startHostGit } from '../provisioning/host-git'
import { shadowedConfig } from './shadowed-config'

const LOCAL_TIMEOUT_MS = 30_000
const REMOTE_TIMEOUT_MS = 120_000
const CLONE_TIMEOUT_MS = 600_000
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024
const KEPT_LOG_LINES = 20

/** No hook runs, no editor, no pager, no key agent; and what the remote had before is kept, by which a rewritten history is known. */
const QUIET = [
  ...['-c', `core.hooksPath=${devNull}`, '-c', 'core.editor=true', '-c', 'core.pager=cat', '-c', 'commit.gpgSign=false'],
  ...['-c', 'core.logAllRefUpdates=true', '-c', 'core.quotePath=false', '-c', 'gc.auto=0', '-c', 'submodule.recurse=false'],
]
export interface GitResult {
  exitCode: number
  stdout: string
  stderr: string
}

interface GitOptions {
  /** What the user asked for, in words: “commit”. */
  action: string
  /** It talks to another machine. */
  isRemote?: boolean
  environment?: Record<string, string>
  /** Without it, anything but 0 is a failure. */
  mayFail?: boolean
}

/** git at work in the folder of a library: it never asks, starts no program that the folder names, and ends in bounded time. */
export interface LibraryGit {
  /** Throws GIT_UNAVAILABLE, TIMED_OUT, LIBRARY_GIT_FAILED, and for what is remote LIBRARY_REMOTE_FAILED. */
  run(command: readonly string[], options: GitOptions): Promise<GitResult>
}

/** `folder` is absolute and has no link in it. */
export function createLibraryGit(folder: string): LibraryGit {
  /** For as long as this object is used: one request. */
  let shadowed: Promise<Record<string, string>> | null = null

  const shadowing = async (): Promise<Record<string, string>> => {
    const listed = await runBounded(folder, ['config', '--show-scope', '--includes', '--list', '-z'], { action: 'status' }, {})
    // Not a repository, or an unreadable one: the actual request reports it.
    return listed.exitCode === 0 ? asConfig(shadowedConfig(listed.stdout)) : {}
  }

  return {
    async run(command, options) {
      shadowed ??= shadowing()
      const network = options.isRemote ? await networkEnvironment() : {}
      const environment = { ...(await shadowed), ...network, ...options.environment }
      const result = await runBounded(folder, command, options, environment)
      if (result.exitCode === 0 || options.mayFail) return result
      throw options.isRemote ? await remoteFailed(folder, options.action, result) : gitFailed(options.action, result)
    },
  }
}

/** Clones into `target`, which is not there yet; `url` may have a credential, and `branch` is null for the default one. Throws as `run` does. */
export async function cloneLibrary(parent: string, url: string, target: string, branch: string | null): Promise<void> {
  const action = 'clone'
  const options = { action, isRemote: true, timeoutMs: CLONE_TIMEOUT_MS }
  const command = [
    'clone',
    '--quiet',
    '--no-hardlinks',
    '--no-recurse-submodules',
    '--template=',
    ...(branch === null ? [] : [`--branch=${branch}`]),
    '--',
    url,
    target,
  ]
  const result = await runBounded(parent, command, options, await networkEnvironment())
  if (result.exitCode !== 0) throw remoteError(action, splitRepoUrl(url).url, result)
}

async function runBounded(
  folder: string,
  command: readonly string[],
  { action, isRemote = false, timeoutMs }: GitOptions & { timeoutMs?: number },
  environment: Record<string, string>,
): Promise<GitResult> {
  const limitMs = timeoutMs ?? (isRemote ? REMOTE_TIMEOUT_MS : LOCAL_TIMEOUT_MS)
  const ending = new AbortController()
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(limitMs)])
  const git = startHostGit(folder, [...QUIET, ...command], {
    signal,
    // A repository further up is not the library.
    environment: { GIT_CEILING_DIRECTORIES: dirname(folder), ...environment },
  })
  const [output, end] = await Promise.allSettled([readBounded(git.stdout, () => ending.abort()), git.ended()])
  if (output.status === 'fulfilled' && output.value.isTooMuch)
    throw gitFailed(action, { exitCode: -1, stdout: '', stderr: `The output of git is longer than ${formatBytes(MAX_OUTPUT_BYTES)}.` })
  if (signal.aborted) throw timedOut(action, limitMs)
  if (end.status === 'rejected') throw end.reason
  if (output.status === 'rejected') throw output.reason
  return { ...end.value, stdout: output.value.text }
}

async function readBounded(stream: AsyncIterable<Buffer>, onTooMuch: () => void): Promise<{ text: string; isTooMuch: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > MAX_OUTPUT_BYTES) {
      onTooMuch()
      return { text: '', isTooMuch: true }
    }
    chunks.push(chunk)
  }
  return { text: Buffer.concat(chunks).toString('utf8'), isTooMuch: false }
}

/** ssh that never asks, called as the user has it; only protocols that start no program of the URL’s choice; servers that fall silent are given up. */
async function networkEnvironment(): Promise<Record<string, string>> {
  const own = process.env.GIT_SSH_COMMAND ?? (await userSshCommand())
  return {
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    GIT_SSH_COMMAND: `${own} -o BatchMode=yes -o ConnectTimeout=10`,
    GIT_HTTP_LOW_SPEED_LIMIT: '1',
    GIT_HTTP_LOW_SPEED_TIME: '30',
  }
}

async function userSshCommand(): Promise<string> {
  const { exitCode, stdout } = await runBounded('/', ['config', '--global', '--get', 'core.sshCommand'], { action: 'status' }, {})
  return exitCode === 0 && stdout.trim() !== '' ? stdout.trim() : 'ssh'
}

/** Settings for one call, above those of every file. */
function asConfig(values: readonly (readonly [string, string])[]): Record<string, string> {
  const entries = values.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return { GIT_CONFIG_COUNT: String(values.length), ...Object.fromEntries(entries) }
}

const logOf = ({ stderr, stdout }: GitResult) =>
  (stderr.trim() === '' ? stdout : stderr)
    .split('\n')
    .map((line) => withoutCredential(line.trimEnd()))
    .filter((line) => line !== '')
    .slice(-KEPT_LOG_LINES)

/** git repeats the URL it was given. */
function withoutCredential(line: string): string {
  return line.replaceAll(/([a-z]+:\/\/)[^\s/@]+@/g, '$1')
}

function gitFailed(action: string, result: GitResult): BerthError {
  const log = logOf(result)
  return new BerthError('LIBRARY_GIT_FAILED', `git could not ${action}: ${log.at(-1) ?? `it ended with ${result.exitCode}`}`, {
    ...{ action, exitCode: result.exitCode, log },
    next: 'Check git’s output. You can also use git in the folder that “berth library path” prints.',
  })
}

async function remoteFailed(folder: string, action: string, result: GitResult): Promise<BerthError> {
  const { stdout } = await runBounded(folder, ['remote', 'get-url', 'origin'], { action }, {})
  return remoteError(action, splitRepoUrl(stdout.trim()).url, result)
}

function remoteError(action: string, remote: string, result: GitResult): BerthError {
  const log = logOf(result)
  return new BerthError('LIBRARY_REMOTE_FAILED', `git could not ${action} ${remote}: ${log.at(-1) ?? `it ended with ${result.exitCode}`}`, {
    ...{ action, remote, log },
    next: 'Check the address and the network, and that git on this machine can log in without a prompt. Nothing was changed.',
  })
}

function timedOut(action: string, limitMs: number): BerthError {
  const seconds = limitMs / 1000
  return new BerthError('TIMED_OUT', `git could not ${action} within ${seconds} seconds and was stopped.`, {
    ...{ what: `git ${action}`, seconds },
    next: 'Check the network and the remote, then try again.',
  })
}
