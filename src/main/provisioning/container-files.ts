import type { ContainerFile } from '../engine/containers'
import { CREDENTIAL_PATH } from './repo-credential'

const ENVIRONMENT_PATH = '/etc/berth/environment'

/** Those that hold secrets, without the first slash: no exported file has what is in them unless it is asked for. */
export const SECRET_FILES = [ENVIRONMENT_PATH, CREDENTIAL_PATH].map((path) => path.slice(1))

/** Files every workspace gets before each start, outside its home folder. */
export function containerFiles(content: {
  authorizedKeys: string
  environment: Record<string, string>
  gitCredential: ContainerFile
}): ContainerFile[] {
  const root = { uid: 0, gid: 0 }
  return [
    { path: '/etc/berth/authorized_keys', content: content.authorizedKeys, mode: 0o644, ...root },
    // For ssh logins; what Berth itself runs has it from the engine. Its values may be secrets.
    { path: ENVIRONMENT_PATH, content: environmentFile(content.environment), mode: 0o600, ...root },
    content.gitCredential,
  ]
}

/**
 * Entries NAME=VALUE that end with a NUL, since a value may hold anything else. The first is no entry, but says by its first character
 * that the file is of this form; of the former form were lines NAME=VALUE. Read by the image's `pam-environment`, or else the entrypoint.
 */
function environmentFile(environment: Record<string, string>): string {
  const entries = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  return ['# Berth environment 2', ...entries].map((entry) => `${entry}\0`).join('')
}
