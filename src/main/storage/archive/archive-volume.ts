import type { Readable, Writable } from 'node:stream'
import { formatBytes } from '../../../shared/byte-size'
import { BerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import type { Helper } from '../../engine/helpers'
import { log } from '../../log'

/** What the streams of volumes work with. */
export interface VolumeTarContext {
  engine: Pick<Engine, 'helpers' | 'containers'>
  /** Berth's own image. */
  image: string
  /** On the helper containers: by one of them what a crash leaves is found. */
  labels: Record<string, string>
}

/** Docker's own node for its disk, recreated at each start: a block device of this machine, which is not data. */
const LEFT_OUT = ['--anchored', '--no-wildcards-match-slash', '--exclude=./*/backingFsBlockDev']

/** Sparse files with their holes, owners as numbers, times to the nanosecond, all attributes but those of one machine's security. */
const KEPT = ['--numeric-owner', '--xattrs', '--xattrs-include=*', '--acls']
const CREATE = [
  ...['tar', '--create', '--format=posix', '--pax-option=delete=atime,delete=ctime', '--sparse', ...KEPT],
  ...['security.selinux', 'security.ima', 'security.evm', 'security.apparmor', 'security.SMACK64*'].map(
    (name) => `--xattrs-exclude=${name}`,
  ),
  ...[...LEFT_OUT, '--exclude-from=-', '--directory=/volume', '--file=-', '.'],
]
const EXTRACT = [
  ...['tar', '--extract', ...KEPT, '--same-owner', '--preserve-permissions', '--delay-directory-restore'],
  ...['--directory=/volume', '--file=-'],
]

/** SYS_ADMIN is for `trusted.*` attributes, which an overlay keeps its own on. */
const READ_CAPABILITIES = ['DAC_READ_SEARCH', 'SYS_ADMIN']
const WRITE_CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETFCAP', 'SYS_ADMIN']
const DEVICE_CAPABILITIES = ['MKNOD']

const COMPLAINT_BYTES = 4000
/** The kernel's own texts, which tar passes on unchanged: it has no code for a full disk. What it says of one that fills within a write is its own. */
const FULL = ['No space left on device', 'Disk quota exceeded', 'Wrote only']

/** Hands the volume to `read` as a tar, without the files of these paths below it. Throws ENGINE_REFUSED when it cannot be read whole, CANCELLED. */
export function readVolume(
  context: VolumeTarContext,
  { volume, leftOut }: { volume: string; leftOut: readonly string[] },
  signal: AbortSignal,
  read: (stream: Readable) => Promise<void>,
): Promise<void> {
  const spec = { command: CREATE, capabilities: READ_CAPABILITIES, volume, readOnly: true }
  return withHelper(context, spec, signal, async (helper) => {
    helper.stdin.end(leftOut.map((path) => `${excludePattern(path)}\n`).join(''))
    await read(helper.stdout)
  })
}

/** A pattern of tar's that stands for this path; for a line end, which no line can hold, for any character in its place. */
export function excludePattern(path: string): string {
  return `./${path.replace(/[\\*?[]/g, '\\$&').replaceAll('\n', '?')}`
}

/** Fills an empty volume with the tar that `write` writes. Throws DISK_FULL, ENGINE_REFUSED, CANCELLED. */
export function fillVolume(
  context: VolumeTarContext,
  { volume, devices }: { volume: string; devices: boolean },
  signal: AbortSignal,
  write: (target: Writable) => Promise<void>,
): Promise<void> {
  const capabilities = [...WRITE_CAPABILITIES, ...(devices ? DEVICE_CAPABILITIES : [])]
  return withHelper(context, { command: EXTRACT, capabilities, volume, readOnly: false }, signal, async (helper) => {
    helper.stdout.resume()
    await write(helper.stdin)
  })
}

/** Bytes of the disk that the engine keeps images and volumes on, and how many are free. */
export async function engineDisk(context: VolumeTarContext, signal: AbortSignal): Promise<{ totalBytes: number; freeBytes: number }> {
  let text = ''
  // Its own root is on the disk where the engine keeps images and volumes.
  const command = ['stat', '--file-system', '--format=%a %b %S', '/']
  await withHelper(context, { command, capabilities: [], volume: null, readOnly: true }, signal, async (helper) => {
    // Its input stays open: a proxy on the way to the engine may end the answer with it.
    for await (const chunk of helper.stdout as AsyncIterable<Buffer>) text += chunk.toString('latin1')
  })
  const [free = Number.NaN, total = Number.NaN, blockBytes = Number.NaN] = text.trim().split(' ').map(Number)
  // No answer is no full disk.
  if (![free, total, blockBytes].every(Number.isSafeInteger)) throw diskUnknown(text.trim())
  return { totalBytes: total * blockBytes, freeBytes: free * blockBytes }
}

interface HelperWork {
  command: string[]
  capabilities: string[]
  volume: string | null
  readOnly: boolean
}

async function withHelper(
  { engine, image, labels }: VolumeTarContext,
  { command, capabilities, volume, readOnly }: HelperWork,
  signal: AbortSignal,
  work: (helper: Helper) => Promise<void>,
): Promise<void> {
  const volumes = volume === null ? [] : [{ name: volume, path: '/volume', readOnly }]
  const helper = await engine.helpers.start({ image, labels, command, capabilities, volumes })
  let complaint = ''
  helper.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-COMPLAINT_BYTES)
  })
  const kill = () =>
    helper.kill().catch((error: unknown) => {
      log.warn({ err: error }, 'a helper container could not be stopped')
    })
  signal.addEventListener('abort', kill, { once: true })
  try {
    signal.throwIfAborted()
    await work(helper)
    // A tar that is done says so; one that is not is cut off where the streams end.
    const exitCode = await helper.exitCode()
    signal.throwIfAborted()
    if (exitCode !== 0) throw failed(exitCode, complaint)
  } catch (error) {
    throw await whyItFailed(helper, error, () => complaint, signal)
  } finally {
    signal.removeEventListener('abort', kill)
    await kill()
  }
}

/** Whether a program has said that the disk is full. */
export function saysDiskFull(complaint: string): boolean {
  return FULL.some((words) => complaint.includes(words))
}

/** A stream that breaks because tar has ended says nothing; tar's own words do. */
async function whyItFailed(helper: Helper, error: unknown, complaint: () => string, signal: AbortSignal): Promise<unknown> {
  const isBroken =
    error instanceof Error && 'code' in error && ['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code))
  if (signal.aborted || !isBroken) return error
  const exitCode = await helper.exitCode()
  return exitCode === 0 ? error : failed(exitCode, complaint())
}

function failed(exitCode: number, complaint: string): BerthError {
  if (saysDiskFull(complaint)) return engineDiskFull()
  const reason = complaint.trim().split('\n').slice(-3).join('; ') || `tar ended with ${exitCode}`
  return new BerthError('ENGINE_REFUSED', `The files could not be read or written completely: ${reason}`, {
    engineStatus: 0,
    reason,
    next: 'Check the named file, then try again.',
  })
}

function diskUnknown(answer: string): BerthError {
  return new BerthError('ENGINE_REFUSED', 'The free space on the engine’s disk could not be read.', {
    engineStatus: 0,
    reason: answer === '' ? 'the helper had no output' : answer.slice(0, 200),
    next: 'Try again.',
  })
}

/** Not enough room for what is to be imported. */
export function engineDiskFull(needed?: { neededBytes: number; availableBytes: number }): BerthError {
  const words = needed ? `: ${formatBytes(needed.neededBytes)} are needed, ${formatBytes(needed.availableBytes)} are free` : ''
  return new BerthError('DISK_FULL', `There is not enough space on the engine’s disk${words}.`, {
    where: 'the engine’s disk',
    next: 'Free space on the engine’s disk (snapshots, unused images, stopped containers), then try again.',
  })
}
