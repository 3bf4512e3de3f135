import { type RepoCredential, splitRepoUrl } from '../../shared/repo-url'
import type { SealedSecret } from '../../shared/secret'
import type { SecretVault } from '../settings/secret-vault'

/** Where the repository's config has git look for it, inside. */
export const CREDENTIAL_PATH = '/etc/berth/git-credential'

/** The two fields of a record for a URL that may have a credential in it. */
export function givenRepo(secrets: SecretVault, given: string | null): { repo: string | null; repoCredential: SealedSecret | null } {
  if (given === null) return { repo: null, repoCredential: null }
  const { url, credential } = splitRepoUrl(given)
  return { repo: url, repoCredential: credential && secrets.seal(JSON.stringify(credential)) }
}

/** The URL of a record with its credential in it, as it was given; null when that cannot be read any more. */
export function repoWithCredential(secrets: SecretVault, repo: string, sealed: SealedSecret): string | null {
  const plain = secrets.open(sealed)
  if (plain === null) return null
  const { username, password } = JSON.parse(plain) as RepoCredential
  const url = new URL(repo)
  url.username = encodeURIComponent(username)
  url.password = encodeURIComponent(password)
  return url.href
}

/** The answer to git's question for it, in the form of git's credential helpers; empty when there is none. */
export function credentialAnswer(secrets: SecretVault, sealed: SealedSecret | null): string {
  const plain = sealed && secrets.open(sealed)
  if (plain === null) return ''
  const { username, password } = JSON.parse(plain) as RepoCredential
  return `username=${username}\npassword=${password}\n`
}

/**
 * What makes git ask there, and only for that host, as `KEY=VALUE` for `git clone --config`: it then holds for `git pull` too, and the
 * credential is neither among git's arguments nor in its config. null for a URL that is not http.
 */
export function credentialConfig(url: string): string | null {
  const origin = URL.canParse(url) ? new URL(url).origin : 'null'
  return origin === 'null' ? null : `credential.${origin}.helper=!f() { if [ "$1" = get ]; then cat ${CREDENTIAL_PATH}; fi; }; f`
}
