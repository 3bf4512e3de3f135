import { BerthError } from '../../../shared/errors'
import { parseGithubRepo } from '../../../shared/github-repo'
import type { CreationConfiguration } from '../../../shared/workspace-configuration/configuration'
import { nameLike, proposeName } from '../../../shared/workspace-name'
import type { Github } from '../../provisioning/github'
import type { Records } from '../../settings/records'

export interface GithubImport extends CreationConfiguration {
  /** As `parseGithubRepo` takes it. */
  repository: string
  /** Default: a free name based on the repository’s. */
  name?: string | undefined
  /** Its number; instead of a branch. */
  pullRequest?: number | undefined
}

/**
 * The input for a workspace of a GitHub repository. GitHub is asked before anything is created, so that a wrong name or missing access is
 * reported at once. Throws REPO_URL_INVALID, INPUT_INVALID for a branch and a pull request, and errors of `Github.repository`.
 */
export async function readGithubImport(
  { github, records }: { github: Github; records: Pick<Records, 'findByName' | 'hosts'> },
  { repository, name, pullRequest, ...configuration }: GithubImport,
  signal: AbortSignal,
) {
  const asked = parseGithubRepo(repository)
  const branch = pullRequest === undefined ? (configuration.branch ?? asked.ref) : pullRequestRef(pullRequest, configuration.branch ?? null)
  const { repo, url } = await github.repository(asked.owner, asked.repo, signal)
  return {
    ...configuration,
    ...(branch === null ? {} : { branch }),
    name:
      name ?? proposeName(nameLike(repo), (candidate) => (records.findByName(candidate) ?? records.hosts.findByName(candidate)) !== null),
    clone: url,
  }
}

function pullRequestRef(pullRequest: number, branch: string | null): string {
  if (branch === null) return `refs/pull/${pullRequest}/head`
  const message = 'A branch and a pull request cannot be combined.'
  throw new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'pullRequest', message }],
    next: 'Leave out one of the two.',
  })
}
