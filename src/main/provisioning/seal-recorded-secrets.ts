import { splitRepoUrl } from '../../shared/repo-url'
import { isUnsealed } from '../../shared/secret'
import type { Records } from '../settings/records'
import type { SecretVault } from '../settings/secret-vault'
import { givenRepo } from './repo-credential'

/** Seals what the records of older Berths have as it was: variables, and credentials in URLs. */
export async function sealRecordedSecrets({ seal, open }: SecretVault, records: Records): Promise<void> {
  for (const { id, repo, env } of records.list()) {
    if (repo !== null && splitRepoUrl(repo).url !== repo) await records.patch(id, givenRepo({ seal, open }, repo))
    if (!Object.values(env).some(isUnsealed)) continue
    const sealed = Object.entries(env).map(([name, value]) => [name, isUnsealed(value) ? seal(open(value) ?? '') : value])
    await records.patch(id, { env: Object.fromEntries(sealed) })
  }
}
