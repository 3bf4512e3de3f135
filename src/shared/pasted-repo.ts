/** A repository as people name it, taken apart. */
export interface PastedRepo {
  /** For `git clone`; can contain a credential. Not checked: see `repoUrlProblem`. */
  url: string
  /** Branch, tag, commit, or a full name such as `refs/pull/7/head`; null for what the server has as its default. */
  ref: string | null
}

/**
 * Reads what people paste: everything `git clone` takes, a ref behind `#`, `owner/repo` of GitHub, an address without `https://`, and the
 * addresses of web pages of branches, commits and pull or merge requests of GitHub and GitLab, wherever these are hosted.
 *
 * The npm package hosted-git-info knows neither self-hosted servers nor pull requests, and cuts branches at their first slash.
 */
export function parsePastedRepo(text: string): PastedRepo {
  const { before, fragment } = splitFragment(text.trim())
  const { url, ref } = readAddress(before)
  // In the address of a page, what is behind the hash is a place on the page.
  return { url, ref: ref ?? fragment }
}

function splitFragment(text: string): { before: string; fragment: string | null } {
  const hash = text.indexOf('#')
  if (hash === -1) return { before: text, fragment: null }
  const fragment = text.slice(hash + 1)
  return { before: text.slice(0, hash), fragment: fragment === '' ? null : decoded(fragment) }
}

/** As GitHub has them; an owner has no dots, so that a host name is none. */
const OWNER_AND_REPO = /^[a-z\d](?:[a-z\d-]*[a-z\d])?\/[\w.-]*[\w-]$/i
const HOST_AND_PATH = /^(?:[a-z\d-]+\.)+[a-z]{2,}\/[^/]+\/./i

function readAddress(text: string): PastedRepo {
  if (OWNER_AND_REPO.test(text)) return { url: `https://github.com/${text.endsWith('.git') ? text : `${text}.git`}`, ref: null }
  if (HOST_AND_PATH.test(text)) return readWebAddress(`https://${text}`)
  // As in a package.json.
  const url = text.startsWith('git+') && text.includes('://') ? text.slice('git+'.length) : text
  return url.startsWith('https://') || url.startsWith('http://') ? readWebAddress(url) : { url, ref: null }
}

const AUTHORITY_AND_PATH = /^(https?:\/\/[^/?]*)\/([^?]*)/

function readWebAddress(url: string): PastedRepo {
  const [, server, path] = AUTHORITY_AND_PATH.exec(url) ?? []
  const page = path === undefined ? null : readPage(path.split('/').filter((segment) => segment !== ''))
  if (page === null) return { url, ref: null }
  const { repo, ref } = page
  return { url: `${server}/${repo.endsWith('.git') ? repo : `${repo}.git`}`, ref }
}

/** Repository and ref of the page with that path; null if it can be the path of a repository. */
function readPage(segments: string[]): { repo: string; ref: string } | null {
  // GitLab has groups in groups, and so a mark where the repository ends.
  const mark = segments.indexOf('-')
  const isGitLab = mark >= 2
  const end = isGitLab ? mark : 2
  const [kind = '', ...rest] = segments.slice(isGitLab ? end + 1 : end)
  const ref = refOfPage(kind, rest)
  return ref === null ? null : { repo: segments.slice(0, end).join('/'), ref }
}

function refOfPage(kind: string, [first, ...more]: string[]): string | null {
  if (first === undefined) return null
  switch (kind) {
    case 'tree':
      return decoded([first, ...more].join('/'))
    case 'commit':
      return first
    case 'pull':
      return isNumber(first) ? `refs/pull/${first}/head` : null
    case 'merge_requests':
      return isNumber(first) ? `refs/merge-requests/${first}/head` : null
    default:
      return null
  }
}

const isNumber = (text: string) => /^\d+$/.test(text)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that stands for itself.
    return text
  }
}
