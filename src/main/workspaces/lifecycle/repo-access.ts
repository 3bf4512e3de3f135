import { BerthError, isBerthError } from '../../../shared/errors'
import type { RepoCredential } from '../../../shared/repo-url'
import { sshTargetOf } from '../../../shared/ssh-target'
import type { Engine } from '../../engine/engine'
import { credentialConfig, openCredential, sealedCredential } from '../../provisioning/repo-credential'
import type { RepoWork } from '../../provisioning/repo-git'
import { resolveHost, trustHost } from '../../provisioning/repo-host'
import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from '../base/lifecycle-services'
import type { ReachedWorkspace } from '../base/reached-workspace'

/** What can be done about a repository that the workspace may not read. */
export interface RepoAccess {
  /**
   * Gives the user name and password, or token, that its repository asks for; null takes them away. Throws INPUT_INVALID for a repository
   * that is not reached by http.
   */
  setRepoCredential(reference: string, credential: RepoCredential | null): Promise<void>
  /**
   * Has ssh inside know the key of its repository's server from now on. Throws REPO_HOST_UNKNOWN when the server has no key of that fingerprint,
   * WORKSPACE_NOT_RUNNING, INPUT_INVALID for a repository that is not reached by ssh.
   */
  trustRepoHost(reference: string, fingerprint: string): Promise<void>
}

export function createRepoAccess(services: WorkspaceServices, reach: (reference: string) => ReachedWorkspace): RepoAccess {
  const { places, records, registry, secrets, handOvers } = services

  return {
    async setRepoCredential(reference, credential) {
      const record = registry.find(reference, 'repo-login')
      if (credentialConfig(record.repo ?? '') === null) throw notReachedBy(record, 'http')
      const repoCredential = sealedCredential(secrets, credential)
      await records.patch(record.id, { repoCredential })
      registry.publish(record.id)
      await handOvers.bringUpToDate(record.id)
    },
    async trustRepoHost(reference, fingerprint) {
      const record = registry.find(reference, 'repo-login')
      const urls = [record.repo ?? '', ...record.furtherRepos.map(({ url }) => url)]
      const servers = urls.flatMap((url) => {
        const target = sshTargetOf(url)
        return target === null ? [] : [{ url, target }]
      })
      if (servers.length === 0) throw notReachedBy(record, 'ssh')
      const { containerId } = reach(record.id)
      const inside = { engine: places.engineOf(record), containerId, credential: openCredential(secrets, record.repoCredential) }
      let refusal: BerthError | null = null
      // They may be on several servers.
      for (const { url, target } of servers) {
        const work = repoWork(record, url, inside)
        refusal = await refusalOf(async () => trustHost(work, await resolveHost(work, target), fingerprint))
        if (refusal === null) return
      }
      throw refusal
    },
  }
}

/** That the server has no such key; null when it has. */
async function refusalOf(trusting: () => Promise<void>): Promise<BerthError | null> {
  try {
    await trusting()
    return null
  } catch (error) {
    if (isBerthError(error, 'REPO_HOST_UNKNOWN')) return error
    throw error
  }
}

function repoWork(
  record: WorkspaceRecord,
  url: string,
  inside: { engine: Pick<Engine, 'exec'>; containerId: string; credential: RepoCredential | null },
): RepoWork {
  const nobody = () => undefined
  const { signal } = new AbortController()
  return { ...inside, workspace: record.name, url, signal, onProgress: nobody, notice: nobody }
}

function notReachedBy({ name, repo }: WorkspaceRecord, protocol: 'http' | 'ssh'): BerthError {
  const message = repo === null ? `${name} has no repository.` : `${repo} does not use ${protocol}.`
  return new BerthError('INPUT_INVALID', message, { issues: [{ path: 'workspace', message }], next: 'Check its repository.' })
}
