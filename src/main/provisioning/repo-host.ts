import { dirname } from 'node:path/posix'
import { BerthError } from '../../shared/errors'
import type { SshTarget } from '../../shared/ssh-target'
import { type RepoWork, runInside } from './repo-git'

const SCAN_SECONDS = 5
const KNOWN_HOSTS = '/home/workspace/.ssh/known_hosts'
const KNOWN_HOSTS_FILES = [KNOWN_HOSTS, '/etc/ssh/ssh_known_hosts']

/** A server as ssh inside resolves it, by its config. */
export interface SshHost {
  host: string
  port: number
  /** It is reached through another program or host, which only ssh itself can do. */
  isIndirect: boolean
}

/** A host key as `ssh-keyscan` has it. */
interface ScannedKey {
  line: string
  type: string
  /** As ssh shows it: `SHA256:…`. */
  fingerprint: string
}

/** The keys that a server has now, none if it does not answer, and what ssh inside makes of them. */
export interface HostKeys {
  keys: ScannedKey[]
  /** `changed` when it knows others only. */
  state: 'known' | 'unknown' | 'changed'
}

export async function resolveHost(work: RepoWork, { destination, port }: Pick<SshTarget, 'destination' | 'port'>): Promise<SshHost> {
  const { stdout } = await runInside(work, ['ssh', '-G', ...(port === null ? [] : ['-p', String(port)]), '--', destination])
  const options = new Map(stdout.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))
  return {
    host: options.get('hostname') ?? destination.slice(destination.indexOf('@') + 1),
    port: Number(options.get('port') ?? port ?? 22),
    isIndirect: options.has('proxyjump') || options.has('proxycommand'),
  }
}

/** Asks the server for its keys, and looks whether ssh inside knows one of them. */
export async function lookAtHostKeys(work: RepoWork, at: SshHost): Promise<HostKeys> {
  const [keys, ...known] = await Promise.all([scanKeys(work, at), ...KNOWN_HOSTS_FILES.map((file) => knownKeys(work, at, file))])
  const knownNow = known.flat()
  if (keys.some(({ line }) => knownNow.includes(keyOf(line)))) return { keys, state: 'known' }
  return { keys, state: knownNow.length > 0 ? 'changed' : 'unknown' }
}

const nameOf = ({ host, port }: SshHost) => (port === 22 ? host : `[${host}]:${port}`)

/** Type and key of a line of a known_hosts file, without the names before them. */
const keyOf = (line: string) => line.split(' ').slice(1, 3).join(' ')

async function knownKeys(work: RepoWork, at: SshHost, file: string): Promise<string[]> {
  const { stdout } = await runInside(work, ['ssh-keygen', '-F', nameOf(at), '-f', file])
  return linesOf(stdout).map(keyOf)
}

/** The newest kind of key first. */
async function scanKeys(work: RepoWork, { host, port }: SshHost): Promise<ScannedKey[]> {
  const scan = ['ssh-keyscan', '-T', String(SCAN_SECONDS), '-p', String(port), '-t', 'ed25519,ecdsa,rsa', '--', host]
  const lines = linesOf((await runInside(work, scan)).stdout)
  if (lines.length === 0) return []
  // A line for each: “256 SHA256:… name (ED25519)”.
  const shown = await runInside(work, ['ssh-keygen', '-l', '-f', '-'], { stdin: lines.map((line) => `${line}\n`).join('') })
  const fingerprints = linesOf(shown.stdout).map((line) => line.split(' ')[1] ?? '')
  const keys = lines.map((line, index) => ({ line, type: line.split(' ')[1] ?? '', fingerprint: fingerprints[index] ?? '' }))
  return keys.sort((a, b) => Number(b.type === 'ssh-ed25519') - Number(a.type === 'ssh-ed25519'))
}

/** Without comments. */
const linesOf = (output: string) => output.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

/**
 * Has ssh inside know the key of that fingerprint from now on, in place of any other of the host. Throws REPO_HOST_UNKNOWN, with the keys
 * there are, when the server has no such key.
 */
export async function trustHost(work: RepoWork, at: SshHost, fingerprint: string): Promise<void> {
  const looked = await lookAtHostKeys(work, at)
  const accepted = looked.keys.find((key) => key.fingerprint === fingerprint)
  if (accepted === undefined) throw hostUnknown(work, at, looked)
  // There may be no such file yet.
  await runInside(work, ['ssh-keygen', '-R', nameOf(at), '-f', KNOWN_HOSTS])
  const append = 'mkdir -p -m 700 "$1" && cat >>"$2"'
  await runInside(work, ['sh', '-c', append, 'sh', dirname(KNOWN_HOSTS), KNOWN_HOSTS], { stdin: `${accepted.line}\n` })
}

export function hostUnknown({ workspace, url }: RepoWork, { host, port }: SshHost, { keys, state }: HostKeys): BerthError {
  const fingerprint = keys[0]?.fingerprint ?? null
  const place = port === 22 ? host : `${host} (port ${port})`
  const message =
    state === 'changed'
      ? `The key of the ssh host ${place} has changed since ${workspace} trusted it: it was set up again, or the connection is intercepted.`
      : `${workspace} does not trust the ssh host ${place} yet.`
  return new BerthError('REPO_HOST_UNKNOWN', fingerprint === null ? message : `${message} The fingerprint of its key is ${fingerprint}.`, {
    workspace,
    url,
    host,
    port,
    changed: state === 'changed',
    keys: keys.map(({ type, fingerprint }) => ({ type, fingerprint })),
    next: `If the fingerprint matches the server’s, run “berth trust-host ${workspace} ${fingerprint ?? 'FINGERPRINT'}”.`,
  })
}
