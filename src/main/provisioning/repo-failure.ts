import { BerthError } from '../../shared/errors'
import { type SshTarget, sshTargetOf } from '../../shared/ssh-target'
import { QUIET_SSH, type RepoWork, runInside } from './repo-git'
import { hostUnknown, lookAtHostKeys, resolveHost } from './repo-host'

const PROBE_SECONDS = 15
/** What ssh itself ends with; anything else is of the command on the server. */
const SSH_FAILED = 255

/** How git ended, and what it said last. */
export interface GitFailure {
  exitCode: number | null
  log: string[]
}

/**
 * The error for a server that git could not read from. git ends with 128 whatever the cause, so the server is asked again in a way that
 * tells: by an HTTP status, or by whether ssh itself failed.
 */
export async function explainFailure(work: RepoWork, failure: GitFailure): Promise<BerthError> {
  const target = sshTargetOf(work.url)
  if (target !== null) return explainSsh(work, target, failure)
  const status = work.url.startsWith('http') ? await httpStatus(work) : null
  if (status !== 401 && status !== 403) return cloneFailed(work, failure)
  return work.isElsewhere ? needsOtherCredential(work, failure) : accessDenied(work, 'password', failure)
}

/** Of the first request that git makes; null when there is no answer. */
async function httpStatus(work: RepoWork): Promise<number | null> {
  const url = `${work.url}/info/refs?service=git-upload-pack`
  const options = ['--silent', '--location', '--max-time', String(PROBE_SECONDS), '--output', '/dev/null', '--write-out', '%{http_code}']
  const { username, password } = work.credential ?? { username: '', password: '' }
  // By its input, since arguments are for all to see.
  const header = work.credential === null ? '' : `Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}\n`
  const { exitCode, stdout } = await runInside(work, ['curl', ...options, '--header', '@-', '--', url], { stdin: header })
  return exitCode === 0 ? Number(stdout) : null
}

async function explainSsh(work: RepoWork, target: SshTarget, failure: GitFailure): Promise<BerthError> {
  const at = await resolveHost(work, target)
  if (!at.isIndirect) {
    const looked = await lookAtHostKeys(work, at)
    if (looked.keys.length === 0) return cloneFailed(work, failure)
    if (looked.state !== 'known') return hostUnknown(work, at, looked)
  }
  const port = target.port === null ? [] : ['-p', String(target.port)]
  const { exitCode } = await runInside(work, [...QUIET_SSH, ...port, '--', target.destination, 'exit'])
  return exitCode === SSH_FAILED ? accessDenied(work, 'key', failure) : cloneFailed(work, failure)
}

export function cloneFailed({ workspace, url }: Pick<RepoWork, 'workspace' | 'url'>, { exitCode, log }: GitFailure): BerthError {
  const reason = reasonIn(log) ?? `git ended with code ${exitCode}`
  return new BerthError('REPO_CLONE_FAILED', `${url} could not be cloned: ${reason}`, {
    workspace,
    url,
    exitCode: exitCode ?? -1,
    log,
    next: 'The workspace itself is ready. Check the address and that the workspace has access to it, then retry the clone.',
  })
}

/** A workspace has one credential, for the server of its first repository. */
function needsOtherCredential({ workspace, url }: RepoWork, { exitCode, log }: GitFailure): BerthError {
  return new BerthError('REPO_CLONE_FAILED', `${url} asks for a user name and a password.`, {
    workspace,
    url,
    exitCode: exitCode ?? -1,
    log,
    next: `Berth only stores a password for the server of the first repository. Use an ssh address, set githubToken if it is on GitHub, or clone it in a terminal.`,
  })
}

/** git prints the cause first, after “fatal:”, and then the consequence. null if it printed nothing. */
export function reasonIn(lines: string[]): string | null {
  const said = lines.find((line) => line.startsWith('fatal: ')) ?? lines.findLast((line) => line.trim() !== '')
  return said?.slice(0, 300) ?? null
}

function accessDenied({ workspace, url, credential }: RepoWork, method: 'password' | 'key', { log }: GitFailure): BerthError {
  const message = {
    password: credential === null ? `${url} asks for a user name and a password.` : `${url} refused the user name or the password.`,
    key: `${url} did not accept any ssh key of ${workspace}.`,
  }[method]
  const next = {
    password: `Set a user name with a password or token that has access: “berth repo-credential ${workspace} USER”. Then retry the clone.`,
    key: `Add a key that the server accepts to the ssh agent of this machine (see the setting sshAgent), put one into ~/.ssh of ${workspace}, or use an https address with a token. Then retry the clone.`,
  }[method]
  return new BerthError('REPO_ACCESS_DENIED', message, { workspace, url, method, credentialGiven: credential !== null, log, next })
}

export function refNotFound({ workspace, url }: Pick<RepoWork, 'workspace' | 'url'>, ref: string): BerthError {
  return new BerthError('REPO_REF_NOT_FOUND', `${url} has no branch, tag or commit “${ref}”.`, {
    workspace,
    url,
    ref,
    next: 'The workspace itself is ready. Create it again with a ref that exists, or clone the repository in a terminal.',
  })
}
