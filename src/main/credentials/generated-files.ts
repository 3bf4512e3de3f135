import { createHash } from 'node:crypto'
import { HOME_FOLDER } from '../../shared/files/file-path'
import type { PlannedFile } from './planned-entry'

/** Where git finds GitHub. */
export const GITHUB_ORIGIN = 'https://github.com'
/** Without this version `gh` asks GitHub who it is before it does anything else. */
const GH_CONFIG = 'version: "1"\n'
/** GitHub does not look at it. */
const USER = 'x-access-token'

/** What git inside reads for that origin, which contains no quote. */
const loginPath = (origin: string) => `${HOME_FOLDER}/.config/berth/git-login-${origin.replace('://', '-')}`

/** Reads the login only when git asks for it: it is neither in git’s configuration nor among its arguments. */
export function loginHelper(origin: string): string {
  const path = loginPath(origin)
  return `!f() { if [ "$1" = get ] && [ -r '${path}' ]; then cat '${path}'; fi; }; f`
}

/** The file that the helper reads. */
export function loginFile(origin: string, { username, password }: { username: string; password: string }): PlannedFile {
  return generated(loginPath(origin), `username=${username}\npassword=${password}\n`)
}

/**
 * The files that give a workspace the GitHub token: for `gh` in its own file and not by GH_TOKEN, which every process would have in its
 * environment; for git in a file that only the helper reads.
 */
export function githubFiles(token: string): PlannedFile[] {
  const quoted = JSON.stringify(token)
  const hosts = [
    'github.com:',
    `    oauth_token: ${quoted}`,
    '    git_protocol: https',
    `    user: ${USER}`,
    '    users:',
    `        ${USER}:`,
    `            oauth_token: ${quoted}`,
    '',
  ].join('\n')
  return [
    generated(`${HOME_FOLDER}/.config/gh/config.yml`, GH_CONFIG),
    generated(`${HOME_FOLDER}/.config/gh/hosts.yml`, hosts),
    loginFile(GITHUB_ORIGIN, { username: USER, password: token }),
  ]
}

/** Its time is always the same, so that it is sent again only when its content is another. */
function generated(path: string, text: string): PlannedFile {
  const content = Buffer.from(text)
  const stamp = createHash('sha256').update(content).digest('hex')
  return { kind: 'file', path, mode: 0o600, size: content.length, modifiedAt: new Date(0), stamp, source: { content } }
}
