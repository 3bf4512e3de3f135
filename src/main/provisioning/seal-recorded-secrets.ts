import { sealUnsealed } from '../../shared/environment'
import { splitRepoUrl } from '../../shared/repo-url'
import type { Records } from '../settings/records'
import type { SecretVault } from '../settings/secret-vault'
import { givenRepo } from './repo-credential'

/** Seals what the records of older Berths have as it was: variables, and credentials in URLs. */
export async function sealRecordedSecrets(secrets: SecretVault, records: Records): Promise<void> {
  for (const { id, repo, env } of records.list()) {
    if (repo !== null && splitRepoUrl(repo).url !== repo) await records.patch(id, givenRepo(secrets, repo))
    const sealed = sealUnsealed(env, secrets)
    if (sealed !== env) await records.patch(id, { env: sealed })
  }
}
