import type { FurtherRepo } from '../../shared/further-repos'
import { isLocalRepo, type RepoCredential, splitRepoUrl } from '../../shared/repo-url'
import type { SealedSecret } from '../../shared/secret'
import type { SecretVault } from '../settings/secret-vault'

/** Where git in the repository looks for it, inside: a link to the passed-on file (`handed-over.ts`). */
const CREDENTIAL_PATH = '/etc/berth/git-credential'

/**
 * The two fields of a record for a URL that may contain a credential. A folder of a machine only counts where it was chosen, so that nobody
 * else can have it copied.
 */
export function givenRepo(secrets: SecretVault, given: string | null): { repo: string | null; repoCredential: SealedSecret | null } {
  if (given === null || isLocalRepo(given)) return { repo: null, repoCredential: null }
  const { url, credential } = splitRepoUrl(given)
  return { repo: url, repoCredential: sealedCredential(secrets, credential) }
}

/** For an archive: its author may have put a credential into a URL, or want to have a folder of this machine copied. */
export function importedFurtherRepos(repos: readonly FurtherRepo[]): FurtherRepo[] {
  return repos.filter(({ url }) => !isLocalRepo(url)).map((repo) => ({ ...repo, url: splitRepoUrl(repo.url).url }))
}

/** Whether what the one asks for is given to the other too: git has the credential for a server. */
export function shareCredential(one: string, other: string): boolean {
  const config = credentialConfig(one)
  return config !== null && config.key === credentialConfig(other)?.key
}

/** As records keep it. */
export function sealedCredential(secrets: SecretVault, credential: RepoCredential | null): SealedSecret | null {
  return credential && secrets.seal(JSON.stringify(credential))
}

/** The URL of a record with its credential in it, as it was given; null when that cannot be read any more. */
export function repoWithCredential(secrets: SecretVault, repo: string, sealed: SealedSecret): string | null {
  const credential = openCredential(secrets, sealed)
  if (credential === null) return null
  const { username, password } = credential
  const url = new URL(repo)
  url.username = encodeURIComponent(username)
  url.password = encodeURIComponent(password)
  return url.href
}

/** null when there is none, or it cannot be read any more. */
export function openCredential(secrets: SecretVault, sealed: SealedSecret | null): RepoCredential | null {
  const plain = sealed && secrets.open(sealed)
  return plain === null ? null : (JSON.parse(plain) as RepoCredential)
}

/**
 * What makes git ask there, and only for that host: kept in the repository's config it holds for `git pull` too, and the credential
 * is neither among git's arguments nor in its config. null for a URL that is not http.
 */
export function credentialConfig(url: string): { key: string; value: string } | null {
  const origin = URL.canParse(url) ? new URL(url).origin : 'null'
  if (origin === 'null') return null
  return { key: `credential.${origin}.helper`, value: `!f() { if [ "$1" = get ]; then cat ${CREDENTIAL_PATH}; fi; }; f` }
}
