import { BerthError } from '../../shared/errors'
import { HOME_FOLDER } from '../../shared/files/file-path'
import type { Exec } from '../engine/exec'
import { collectCommand } from '../engine/run-command'

/** What is at a path inside; links are not followed. */
export type InsideState =
  /** `modified` in whole seconds; `digest` is SHA-256 in hex, null when the user cannot read it. */
  | { kind: 'file'; mode: number; modified: number; digest: string | null }
  | { kind: 'link'; target: string }
  | { kind: 'folder' }
  | { kind: 'other' }

export const STAGING_PREFIX = '.berth-sync-'
const TIMEOUT_MS = 10 * 60_000
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Paths come by stdin, each ended by a NUL. For each that is there comes a field “type mode time path” and one with the target of a link, and for each file
 * one with its digest. What an interrupted sync has left is removed.
 */
const PROGRAM = `
rm -rf -- "$1"/${STAGING_PREFIX}*
exec xargs -0 -r sh -c '
find "$@" -maxdepth 0 -printf "%y %m %T@ %p\\0%l\\0" 2>/dev/null
find "$@" -maxdepth 0 -type f -exec sha256sum -z -- {} + 2>/dev/null
exit 0' sh
`

/**
 * The state of each existing path, as seen by the user `workspace`. Throws EXEC_FAILED if the workspace does not have the required
 * programs.
 */
export async function lookInside(
  exec: Exec,
  containerId: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, InsideState>> {
  const { exitCode, stdout, stderr, truncated } = await collectCommand(exec, {
    ...{ containerId, user: 'workspace', cwd: '/', signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES },
    environment: { LC_ALL: 'C.UTF-8' },
    command: ['sh', '-c', PROGRAM, 'sh', HOME_FOLDER],
    stdin: Buffer.from(paths.map((path) => `${path}\0`).join('')),
  })
  if (exitCode !== 0 || truncated) {
    const reason = truncated ? 'its output was too long' : stderr.toString('utf8').trim() || `exit code ${exitCode}`
    throw new BerthError('EXEC_FAILED', `The files in the workspace could not be read: ${reason}.`, {
      ...{ command: 'find', reason },
      next: 'The workspace needs find, xargs and sha256sum (findutils and coreutils).',
    })
  }
  return parseStates(stdout.toString('utf8'), new Set(paths))
}

/** Of paths that nobody has asked for nothing is believed. */
export function parseStates(said: string, asked: ReadonlySet<string>): Map<string, InsideState> {
  const states = new Map<string, InsideState>()
  const fields = said.split('\0')
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? ''
    const digest = /^([0-9a-f]{64}) [ *](.*)$/s.exec(field)
    if (digest) {
      const state = states.get(digest[2] ?? '')
      if (state?.kind === 'file') state.digest = digest[1] ?? null
      continue
    }
    const [, type, mode, modified, path = ''] = /^(\S) ([0-7]+) (-?\d+)(?:\.\d+)? (.*)$/s.exec(field) ?? []
    if (type === undefined) continue
    at += 1
    if (asked.has(path)) states.set(path, stateOf(type, Number.parseInt(mode ?? '0', 8), Number(modified), fields[at] ?? ''))
  }
  return states
}

function stateOf(type: string, mode: number, modified: number, target: string): InsideState {
  switch (type) {
    case 'f':
      return { kind: 'file', mode, modified, digest: null }
    case 'l':
      return { kind: 'link', target }
    case 'd':
      return { kind: 'folder' }
    default:
      return { kind: 'other' }
  }
}
