import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMissing } from '../../../shared/file-error-code'
import type { EngineSurroundings } from '../engine-address'
import { asArguments, configArguments, knownEnginesPath, quoted, reachingOptions, runProgram } from './ssh-program'
import { type SshTarget, targetArguments } from './ssh-target'

/** One line of a known hosts file. */
export interface HostKey {
  line: string
  /** `@revoked` or `@cert-authority`; null for an ordinary one. */
  marker: string | null
  type: string
  /** As base64. */
  key: string
}

/** A key as people compare it. */
export interface Fingerprint {
  type: string
  fingerprint: string
}

/** What the user's configuration says of the host. */
export interface HostSettings {
  /** The name under which its keys are kept. */
  keyName: string
  /** As ssh prints them: paths, with spaces between. */
  userKnownHosts: string
  globalKnownHosts: string
}

/** What the server's key is to the files of known hosts. */
export type HostKeyVerdict =
  | { verdict: 'unknown'; offered: HostKey[] }
  /** `file` has another under `keyName`. */
  | { verdict: 'changed'; offered: HostKey[]; keyName: string; file: string }
  /** It is known, or the server did not get as far as showing one. */
  | { verdict: 'unobjectionable' }

/** Keys of an RSA pair have other names as algorithms. */
const ALGORITHMS: Record<string, string> = { 'ssh-rsa': 'rsa-sha2-512,rsa-sha2-256' }

export function fingerprintOf({ type, key }: HostKey): Fingerprint {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64')
  return { type, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` }
}

/** Asks ssh for its configuration (`ssh -G`), without connecting. Throws its error output. */
export async function readHostSettings(target: SshTarget, surroundings: EngineSurroundings, signal: AbortSignal): Promise<HostSettings> {
  const args = [...configArguments(surroundings), '-G', ...targetArguments(target)]
  const { exitCode, stdout, complaints } = await runProgram('ssh', args, surroundings, signal)
  if (exitCode !== 0) throw new Error(complaints || 'ssh cannot read its configuration')
  const values = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const at = line.indexOf(' ')
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1))
  }
  const host = (values.get('hostname') ?? target.host).toLowerCase()
  const port = values.get('port') ?? '22'
  return {
    keyName: values.get('hostkeyalias') ?? (port === '22' ? host : `[${host}]:${port}`),
    userKnownHosts: values.get('userknownhostsfile') ?? '',
    globalKnownHosts: values.get('globalknownhostsfile') ?? '',
  }
}

/**
 * Checks the server's key after ssh could not connect. This does not parse ssh's messages: ssh accepts the key into an empty file, and the
 * known-hosts files answer the rest. Nobody logs in.
 */
export async function judgeHostKey(target: SshTarget, surroundings: EngineSurroundings, signal: AbortSignal): Promise<HostKeyVerdict> {
  const settings = await readHostSettings(target, surroundings, signal)
  const offered = await unknownKeys(target, settings, surroundings, signal)
  if (offered.length > 0) return { verdict: 'unknown', offered }
  const known = await knownKeys(settings, surroundings, signal)
  const own = known.filter(({ marker }) => marker !== '@cert-authority')
  if (own.length === 0) return { verdict: 'unobjectionable' }
  // Of the types that are known, since those are what ssh asks for first.
  const algorithms = [...new Set(own.map(({ type }) => ALGORITHMS[type] ?? type))].join()
  const shown = await acceptedKeys(
    target,
    surroundings,
    (file) => ({ HostKeyAlgorithms: algorithms, UserKnownHostsFile: quoted(file), GlobalKnownHostsFile: '/dev/null' }),
    signal,
  )
  const isKnown = ({ key }: HostKey) => own.some((entry) => entry.key === key && entry.marker === null)
  if (shown.length === 0 || shown.some(isKnown)) return { verdict: 'unobjectionable' }
  return { verdict: 'changed', offered: shown, keyName: settings.keyName, file: own[0]?.file ?? '' }
}

/** What ssh would add to the known hosts; none when the key is known, or there is another. */
function unknownKeys(target: SshTarget, settings: HostSettings, surroundings: EngineSurroundings, signal: AbortSignal): Promise<HostKey[]> {
  const ours = quoted(knownEnginesPath(surroundings))
  return acceptedKeys(
    target,
    surroundings,
    (file) => ({
      // The first is where ssh writes.
      UserKnownHostsFile: `${quoted(file)} ${settings.userKnownHosts}`.trim(),
      GlobalKnownHostsFile: `${settings.globalKnownHosts} ${ours}`.trim(),
    }),
    signal,
  )
}

/** The keys that ssh writes into an empty file (`file`) when it accepts unknown hosts. */
async function acceptedKeys(
  target: SshTarget,
  surroundings: EngineSurroundings,
  options: (file: string) => Record<string, string>,
  signal: AbortSignal,
): Promise<HostKey[]> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-ssh-'))
  try {
    const file = join(folder, 'k')
    const own = { StrictHostKeyChecking: 'accept-new', PreferredAuthentications: 'none', ControlMaster: 'no', ...options(file) }
    // ssh takes the first value that it is given.
    const args = [...asArguments(own), '-S', 'none', '-T', ...reachingOptions(surroundings, ''), ...targetArguments(target), 'exit']
    await runProgram('ssh', args, surroundings, signal)
    return await readKeys(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function knownKeys(
  { keyName, userKnownHosts, globalKnownHosts }: HostSettings,
  surroundings: EngineSurroundings,
  signal: AbortSignal,
): Promise<(HostKey & { file: string })[]> {
  const listed = `${userKnownHosts} ${globalKnownHosts}`.split(' ').filter((path) => path !== '' && path !== 'none')
  const keys = []
  for (const file of [...listed, knownEnginesPath(surroundings)]) {
    // Its exit code is the same for a host that is not in the file and for a file that is not there.
    const { stdout } = await runProgram('ssh-keygen', ['-F', keyName, '-f', file], surroundings, signal)
    for (const key of parseKeys(stdout)) keys.push({ ...key, file })
  }
  return keys
}

async function readKeys(file: string): Promise<HostKey[]> {
  try {
    return parseKeys(await readFile(file, 'utf8'))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function parseKeys(text: string): HostKey[] {
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') ? (words.shift() ?? null) : null
    const [hosts = '', type, key] = words
    return hosts === '' || hosts.startsWith('#') || type === undefined || key === undefined
      ? []
      : [{ line: line.trim(), marker, type, key }]
  })
}
