import { BerthError } from './errors'
import { gitRefProblem } from './git-ref'
import { parsePastedRepo } from './pasted-repo'

const SCHEMES = ['https:', 'http:', 'ssh:', 'git:', 'git+ssh:']
const MAX_URL_LENGTH = 2048

/**
 * Why `url` cannot be given to `git clone`, in words for a person; null when it can. Accepts https, http, ssh and git URLs
 * and the scp form `user@host:path`. Refuses what git would read as an option (a leading dash) and remote helpers that run
 * commands (`ext::`, any other `helper::`).
 */
export function repoUrlProblem(url: string): string | null {
  if (url === '') return 'Enter a URL.'
  if (url.length > MAX_URL_LENGTH) return `At most ${MAX_URL_LENGTH} characters.`
  if (url.startsWith('-')) return 'It starts with a dash, which git would read as an option.'
  if ([...url].some((character) => character <= ' ' || character === '\u007f')) return 'It contains a space or a control character.'
  if (url.includes('::')) return 'Remote helpers (“ext::” and the like) can run commands and are not allowed.'
  return url.includes('://') ? schemeUrlProblem(url) : scpFormProblem(url)
}

/** What is in front of the host of an http URL: a user name, a password, or a token as either. */
export interface RepoCredential {
  username: string
  password: string
}

/**
 * The URL as it can be shown and stored, and the credential that was in it. ssh does not use passwords, so only the user name stays.
 * Anything that is not a URL is unchanged.
 */
export function splitRepoUrl(url: string): { url: string; credential: RepoCredential | null } {
  if (!url.includes('://') || !URL.canParse(url)) return { url, credential: null }
  const { protocol, username, password } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return { url: withoutPassword(url), credential: null }
  const credential = username === '' && password === '' ? null : { username: decoded(username), password: decoded(password) }
  return { url: url.replace(AUTHORITY_USER, '$1'), credential }
}

const AUTHORITY_USER = /^([a-z+]+:\/\/)[^/?#]*@/i

function withoutPassword(url: string): string {
  return url.replace(/^([a-z+]+:\/\/[^/?#:]*):[^/?#]*@/i, '$1@')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that stands for itself.
    return text
  }
}

function schemeUrlProblem(url: string): string | null {
  if (!URL.canParse(url)) return 'It is not a URL.'
  const { protocol, hostname, pathname } = new URL(url)
  if (!SCHEMES.includes(protocol)) return `The protocol “${protocol}” is not supported. Use https, http, ssh or git.`
  if (hostname === '' || hostname.startsWith('-')) return 'It has no host.'
  if (pathname === '' || pathname === '/') return 'It has no repository.'
  const { credential } = splitRepoUrl(url)
  if (credential && /\p{Cc}/u.test(credential.username + credential.password))
    return 'Its user name or password contains a control character.'
  return null
}

function scpFormProblem(url: string): string | null {
  const colon = url.indexOf(':')
  const slash = url.indexOf('/')
  if (colon <= 0 || (slash !== -1 && slash < colon))
    return 'Enter a URL such as https://host/owner/repo.git or git@host:owner/repo.git, or OWNER/REPO for GitHub.'
  const host = url.slice(url.indexOf('@') + 1, colon)
  if (host === '' || host.startsWith('-')) return 'It has no host.'
  if (colon === url.length - 1) return 'It has no repository.'
  if (url[colon + 1] === '-') return 'Its path starts with a dash, which git would read as an option.'
  return null
}

/** Whether it is a folder of this machine, by its absolute path, and on no server. */
export function isLocalRepo(url: string): boolean {
  return url.startsWith('/')
}

/** A repository as it was given, ready to be kept. */
export interface GivenRepo {
  /** Without a credential. */
  url: string
  credential: RepoCredential | null
  /** As `PastedRepo` has it. */
  ref: string | null
}

/** Why the input is not a repository; null if it is one. Accepts what `readRepo` accepts. */
export function repoProblem(text: string): string | null {
  if (isLocalRepo(text)) return localRepoProblem(text)
  const { url, ref } = parsePastedRepo(text)
  return repoUrlProblem(url) ?? (ref === null ? null : refProblem(ref))
}

function localRepoProblem(path: string): string | null {
  if (path.length > MAX_URL_LENGTH) return `At most ${MAX_URL_LENGTH} characters.`
  return /\p{Cc}/u.test(path) ? 'It contains a control character.' : null
}

function refProblem(ref: string): string | null {
  const problem = gitRefProblem(ref)
  return problem === null ? null : `“${ref}”: ${problem}`
}

/** Reads everything `parsePastedRepo` does, and absolute paths of this machine. Throws REPO_URL_INVALID with the reason. */
export function readRepo(text: string): GivenRepo {
  const { url, ref } = parsePastedRepo(text)
  const reason = repoProblem(text)
  if (reason === null) return isLocalRepo(text) ? { url: text, credential: null, ref: null } : { ...splitRepoUrl(url), ref }
  const shown = url.replace(AUTHORITY_USER, '$1***@')
  throw new BerthError('REPO_URL_INVALID', `“${shown.slice(0, 200)}” cannot be cloned. ${reason}`, {
    url: shown.slice(0, MAX_URL_LENGTH),
    reason,
    next: 'Enter a URL as for git clone, the address of the repository’s page, OWNER/REPO for GitHub, or the path of a folder on this machine.',
  })
}
