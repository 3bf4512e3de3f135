const MAX_LENGTH = 255

/** What no ref can have in it: git-check-ref-format(1), and a leading dash, which git would read as an option. */
const FORBIDDEN = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$|(?:^|\/)\.|\.lock(?:\/|$)/u

/** Why `ref` cannot be a branch, a tag or a commit, in words for a person; null when it can. */
export function gitRefProblem(ref: string): string | null {
  if (ref.length > MAX_LENGTH) return `At most ${MAX_LENGTH} characters.`
  return ref === '' || ref === '@' || FORBIDDEN.test(ref) ? 'It is not the name of a branch, a tag or a commit.' : null
}

/** Why `folder` cannot be a folder within a repository, in words for a person; null when it can. */
export function repoFolderProblem(folder: string): string | null {
  if (folder.startsWith('/')) return 'Enter the path in the repository, without a leading slash.'
  if (/\p{Cc}/u.test(folder)) return 'It contains a control character.'
  if (folder.split('/').some((segment) => segment === '..')) return 'It leads outside the repository.'
  return null
}
