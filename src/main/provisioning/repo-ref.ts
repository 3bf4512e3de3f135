/** What to check out of a repository. */
export type RepoTarget =
  | { kind: 'default' }
  /** `folder` is what is left of `BRANCH/FOLDER`, as addresses of web pages have it; null for nothing. */
  | { kind: 'named'; name: string; folder: string | null }
  /** Of neither kind, such as a pull request's: fetched by its full name, and checked out as a branch. */
  | { kind: 'other'; fullName: string; branch: string }
  | { kind: 'commit'; id: string }

const MOST_SEGMENTS = 16
const HEADS = 'refs/heads/'
const TAGS = 'refs/tags/'

/** The full names that `ref` can stand for, the most likely one first. */
export function candidateRefs(ref: string): string[] {
  if (ref.startsWith('refs/')) return [ref]
  return prefixes(ref).flatMap((name) => [HEADS + name, TAGS + name])
}

/** `a/b/c`, `a/b`, `a`. */
function prefixes(ref: string): string[] {
  const segments = ref.split('/').slice(0, MOST_SEGMENTS)
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('/'))
}

/**
 * What `ref` means if the server has the refs `listed`; null if it means nothing there. The longest existing name counts, so that branches
 * with slashes are distinguished from folders after them.
 */
export function resolveRef(ref: string | null, listed: ReadonlySet<string>): RepoTarget | null {
  if (ref === null) return { kind: 'default' }
  const found = candidateRefs(ref).find((candidate) => listed.has(candidate))
  if (found === undefined) return isCommitId(ref) ? { kind: 'commit', id: ref } : null
  const name = [HEADS, TAGS].find((prefix) => found.startsWith(prefix))
  if (name === undefined) return { kind: 'other', fullName: found, branch: branchFor(found) }
  const shortName = found.slice(name.length)
  return { kind: 'named', name: shortName, folder: ref === found || ref === shortName ? null : ref.slice(shortName.length + 1) }
}

/** `pull/7` for `refs/pull/7/head`. */
function branchFor(fullName: string): string {
  const name = fullName.slice('refs/'.length)
  return name.endsWith('/head') ? name.slice(0, -'/head'.length) : name
}

function isCommitId(ref: string): boolean {
  return /^[\da-f]{7,64}$/i.test(ref)
}

/** Names of refs in the output of `git ls-remote`. */
export function listedRefs(output: string): Set<string> {
  return new Set(output.split('\n').flatMap((line) => line.split('\t')[1] ?? []))
}
