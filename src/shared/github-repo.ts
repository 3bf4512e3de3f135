import { BerthError } from './errors'
import { parsePastedRepo } from './pasted-repo'

/** A repository of GitHub, as people name it. */
export interface GithubRepo {
  owner: string
  repo: string
  /** What the address says besides; null for the default branch. */
  ref: string | null
}

const GITHUB_HOST = 'github.com'

/** Reads `owner/repo`, and every address of a repository on github.com or of a page of it. Throws REPO_URL_INVALID for anything else. */
export function parseGithubRepo(text: string): GithubRepo {
  const { url, ref } = parsePastedRepo(text)
  const path = pathOnGithub(url)
  const [owner = '', repo = '', ...more] = path?.split('/').filter((part) => part !== '') ?? []
  const name = repo.endsWith('.git') ? repo.slice(0, -'.git'.length) : repo
  if (owner === '' || name === '' || more.length > 0) throw notOfGithub(text)
  return { owner, repo: name, ref }
}

function pathOnGithub(url: string): string | null {
  const scp = `git@${GITHUB_HOST}:`
  if (url.startsWith(scp)) return url.slice(scp.length)
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed?.hostname === GITHUB_HOST ? decodeURI(parsed.pathname) : null
}

function notOfGithub(text: string): BerthError<'REPO_URL_INVALID'> {
  const reason = 'It is not a repository on github.com.'
  return new BerthError('REPO_URL_INVALID', `“${text}” cannot be imported from GitHub. ${reason}`, {
    url: text,
    reason,
    next: 'Use OWNER/REPO. Clone other repositories by their URL: “berth create NAME --clone URL”.',
  })
}
