import { furtherRepoPath } from '../../../shared/further-repos'
import { REPO_PATH } from '../../../shared/repo-path'
import type { RepositoryStatus } from '../../../shared/repository-status'
import type { Workspace } from '../../../shared/workspace'
import type { Engine } from '../../engine/engine'
import { gitOutput } from './git-inside'

const TIMEOUT_MS = 10_000
/** A line for each changed file; a folder that git does not know yet is one. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024
/** They come from inside. */
const MAX_NAME_LENGTH = 255

/** Where the repositories of a workspace are; for a host workspace also its folder, which can be one. */
export function repositoryPaths({ repo, furtherRepos, host }: Pick<Workspace, 'repo' | 'furtherRepos' | 'host'>): string[] {
  if (host !== null) return [repo === null ? host.folder : `${host.folder}/repo`]
  return [...(repo === null ? [] : [REPO_PATH]), ...furtherRepos.map(({ folder }) => furtherRepoPath(folder))]
}

/** Those of `paths` that are repositories, in that order; empty without git. Throws errors of `gitOutput`. */
export async function repositoryStatuses(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<RepositoryStatus[]> {
  const found = await Promise.all(paths.map((path) => repositoryStatus(engine, containerId, path, signal)))
  return found.filter((status) => status !== null)
}

async function repositoryStatus(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<RepositoryStatus | null> {
  // Without locks: it must not disturb the user's own git there.
  const output = await gitOutput(engine, containerId, path, ['--no-optional-locks', 'status', '--porcelain=v2', '--branch'], {
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_OUTPUT_BYTES,
    signal,
  })
  return output === null ? null : { path, ...parseRepositoryStatus(output) }
}

/** Of `git status --porcelain=v2 --branch`. */
export function parseRepositoryStatus(output: string): Omit<RepositoryStatus, 'path'> {
  const status: Omit<RepositoryStatus, 'path'> = { branch: null, commit: null, upstream: null, ahead: null, behind: null, changedFiles: 0 }
  for (const line of output.split('\n')) {
    if (line === '') continue
    if (!line.startsWith('# ')) {
      status.changedFiles += 1
      continue
    }
    const [name, ...words] = line.slice(2).split(' ')
    const value = words.join(' ').slice(0, MAX_NAME_LENGTH)
    if (name === 'branch.oid') status.commit = value === '(initial)' ? null : value
    else if (name === 'branch.head') status.branch = value === '(detached)' ? null : value
    else if (name === 'branch.upstream') status.upstream = value
    else if (name === 'branch.ab') {
      status.ahead = countOf(words[0], '+')
      status.behind = countOf(words[1], '-')
    }
  }
  return status
}

/** “+2” */
function countOf(word: string | undefined, sign: string): number | null {
  const count = Number(word?.slice(1))
  return word?.startsWith(sign) && Number.isSafeInteger(count) ? count : null
}
