import { isDeepStrictEqual } from 'node:util'
import { BerthError } from '../../../shared/errors'
import { type FurtherRepo, foldersFor } from '../../../shared/further-repos'
import { type GivenRepo, isLocalRepo, type RepoCredential, readRepo } from '../../../shared/repo-url'
import type { CreationConfiguration } from '../../../shared/workspace-configuration/configuration'
import { WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import { findLocalRepo } from '../../provisioning/local-repo'
import { shareCredential } from '../../provisioning/repo-credential'

/** What was chosen together with a repository. The ref in the repository's address holds unless another is given. */
export function withRefOf(chosen: CreationConfiguration, repo: GivenRepo | null): CreationConfiguration {
  const branch = chosen.branch ?? repo?.ref
  return branch == null ? chosen : { ...chosen, branch }
}

/**
 * The repository as records have it, with what was chosen together with it: for a folder of this machine that in which its repository begins, to be opened
 * in that folder. Throws INPUT_INVALID for what means nothing for this repository, and what `findLocalRepo` throws.
 */
export async function chooseRepo(
  repo: GivenRepo | null,
  chosen: CreationConfiguration,
): Promise<{ url: string | null; configuration: CreationConfiguration }> {
  refuseMeaningless(repo, chosen)
  const configuration = withRefOf(chosen, repo)
  if (repo === null || !isLocalRepo(repo.url)) return { url: repo?.url ?? null, configuration }
  const { root, folder } = await findLocalRepo(repo.url)
  return { url: root, configuration: { folder, ...configuration } }
}

/**
 * Repositories after the first, each in its own folder, and the credential for all. Throws INPUT_INVALID for further ones without a first,
 * and for a second credential; and errors of `readRepo` and `findLocalRepo`.
 */
export async function chooseFurtherRepos(
  first: GivenRepo | null,
  given: readonly string[],
): Promise<{ furtherRepos: FurtherRepo[]; credential: RepoCredential | null }> {
  const repos = given.map(readRepo)
  if (first === null && repos.length > 0) throw furtherRefused('There is no first repository. Set it as “clone”.')
  let credential = first?.credential ?? null
  for (const repo of repos) {
    if (repo.credential === null) continue
    const isSame = credential === null || isDeepStrictEqual(credential, repo.credential)
    if (!isSame || !shareCredential(first?.url ?? '', repo.url)) {
      throw furtherRefused(`${repo.url} contains another password. A workspace keeps only one, for the server of its first repository.`)
    }
    credential = repo.credential
  }
  const urls = await Promise.all(repos.map(async ({ url }) => (isLocalRepo(url) ? (await findLocalRepo(url)).root : url)))
  const folders = foldersFor(urls)
  const furtherRepos = repos.map(({ ref }, index) => ({ url: urls[index] ?? '', branch: ref, folder: folders[index] ?? '' }))
  return { furtherRepos, credential }
}

function furtherRefused(message: string): BerthError {
  return new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'alsoClone', message }],
    next: 'Change or leave out that repository.',
  })
}

/** Whether a workspace with the repository `kept` already has the given one, which may be a folder in it. */
export function isSameRepo(given: string, kept: string | null): boolean {
  return given === kept || (isLocalRepo(given) && kept !== null && given.startsWith(`${kept}/`))
}

const REPO_FIELDS = ['branch', 'depth', 'withChanges', 'folder'] as const

function refuseMeaningless(repo: GivenRepo | null, chosen: CreationConfiguration): void {
  for (const name of REPO_FIELDS) {
    const problem = chosen[name] ? problemOf(name, repo, chosen) : null
    if (problem === null) continue
    const message = `${WORKSPACE_FIELDS[name].title}: ${problem}`
    throw new BerthError('INPUT_INVALID', message, {
      issues: [{ path: name, message }],
      next: `Change the repository, or leave out ${name}.`,
    })
  }
}

function problemOf(name: (typeof REPO_FIELDS)[number], repo: GivenRepo | null, { withChanges }: CreationConfiguration): string | null {
  if (repo === null) return 'There is no repository to clone.'
  const isLocal = isLocalRepo(repo.url)
  if (name === 'depth' && isLocal) return 'A folder of this machine is always copied with its whole history.'
  if (name === 'withChanges' && !isLocal) return 'Only a folder of this machine can have uncommitted changes.'
  if (name === 'branch' && withChanges) return 'Uncommitted changes belong to the branch that is checked out. Leave out one of the two.'
  return null
}
