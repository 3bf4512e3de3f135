import type { RepoCredential } from '../../shared/repo-url'
import type { Exec } from '../engine/exec'
import { runCommand } from '../engine/run-command'

/** What a workspace keeps in memory only: neither its container's configuration nor its layer ever holds it. */
export interface HandedOver {
  /** null takes away what the container was created with. */
  environment: Record<string, string | null>
  /** Of its repository. */
  credential: RepoCredential | null
  /** That the ssh server lets in; null when the container has them already. */
  authorizedKeys: string | null
}

/**
 * What `state-watch take` reads: a line with the length of each part, then the parts: the answer to git's question for the credential, the
 * variables, and the keys if there are any.
 */
export function handOverInput({ environment, credential, authorizedKeys }: HandedOver): Buffer {
  const keys = authorizedKeys === null ? [] : [authorizedKeys]
  const parts = [credentialAnswer(credential), environmentFile(environment), ...keys].map((text) => Buffer.from(text))
  return Buffer.concat([Buffer.from(`${parts.map(({ length }) => length).join(' ')}\n`), ...parts])
}

/**
 * Entries NAME=VALUE ending with a NUL, since a value can contain anything else; a NAME alone removes that variable. The first character of
 * the first entry marks this format; an earlier format had lines. Read by the image's `pam-environment` or by the entrypoint.
 */
function environmentFile(environment: HandedOver['environment']): string {
  const entries = Object.entries(environment).map(([name, value]) => (value === null ? name : `${name}=${value}`))
  return ['# Berth environment 2', ...entries].map((entry) => `${entry}\0`).join('')
}

/** In the form of git's credential helpers; empty when there is none. */
function credentialAnswer(credential: RepoCredential | null): string {
  return credential === null ? '' : `username=${credential.username}\npassword=${credential.password}\n`
}

const ENVIRONMENT_PATH = '/run/berth/environment'
const READ_TIMEOUT_MS = 10_000
const MOST_BYTES = 16 * 1024 * 1024

/**
 * The variables that another Berth has passed to a running workspace; empty if there are none. They come from inside, so they must be
 * checked.
 */
export async function readHandedOver(exec: Exec, containerId: string): Promise<[name: string, value: string][]> {
  const command = ['cat', ENVIRONMENT_PATH]
  const { exitCode, stdout } = await runCommand(exec, {
    containerId,
    user: 'root',
    command,
    timeoutMs: READ_TIMEOUT_MS,
    maxBytes: MOST_BYTES,
  })
  if (exitCode !== 0) return []
  return stdout.split('\0').flatMap((entry): [string, string][] => {
    const separator = entry.indexOf('=')
    return separator < 1 ? [] : [[entry.slice(0, separator), entry.slice(separator + 1)]]
  })
}
