import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { BerthError, isBerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import type { Helper } from '../../engine/helpers'
import { log } from '../../log'
import { engineDiskFull, saysDiskFull } from '../archive/archive-volume'
import { listen } from './rsync-output'
import { sourceCommand, targetCommand, type VolumeMode } from './volume-scripts'

/** An engine, and what helper containers are made of there. */
export interface VolumeSide {
  engine: Pick<Engine, 'helpers' | 'volumes'>
  /** Berth's own image, on that engine. */
  image: string
  /** On the helper containers: by one of them what a crash or a lost engine leaves is found. */
  labels: Record<string, string>
}

export interface VolumePair {
  source: string
  target: string
}

export interface SessionOptions extends VolumePair {
  mode: VolumeMode
  signal: AbortSignal
  /** Bytes that are in the target, of all that are to be. */
  onProgress(progress: { doneBytes: number; totalBytes: number }): void
}

export interface SessionResult {
  /** From the source's engine to the target's. */
  sentBytes: number
  /** Of rsync: 0, 23 (not all of it) or 24 (files vanished). */
  exitCode: number
  /** What rsync said. */
  complaint: string
  /** Whether the same files have several names. Compared for `verify` only. */
  sameLinks: boolean
}

/** SYS_ADMIN is for `trusted.*` attributes, which an overlay keeps its own on. */
const READ_CAPABILITIES = ['DAC_READ_SEARCH', 'SYS_ADMIN']
const WRITE_CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'MKNOD', 'SETFCAP', 'SYS_ADMIN']

/** Until a helper whose other side has gone has put away the file it was at, and ended; then it is ended. */
const GRACE_MS = 5000
const LONGEST_HELLO = 200
/** rsync’s own codes. */
const PARTLY = 23
const VANISHED = 24

/**
 * One run of rsync from a volume to one of another engine. Whatever happens, both helpers end. Throws DISK_FULL, CANCELLED, ENGINE_REFUSED,
 * ENGINE_UNREACHABLE, TIMED_OUT.
 */
export async function runSession(from: VolumeSide, to: VolumeSide, options: SessionOptions): Promise<SessionResult> {
  const { mode, signal } = options
  if (signal.aborted) throw cancelled()
  // The engine makes a volume of that name when there is none: then all that is in the target would be removed from it.
  await Promise.all([assertThere(from, options.source), assertThere(to, options.target)])
  const [source, target] = await startBoth(
    () => start(from, sourceCommand(mode), READ_CAPABILITIES, { name: options.source, readOnly: true }),
    () =>
      start(to, targetCommand(mode), mode === 'verify' ? READ_CAPABILITIES : WRITE_CAPABILITIES, {
        name: options.target,
        readOnly: mode === 'verify',
      }),
  )
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(cancelled())
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await Promise.race([converse(source, target, options), aborted.promise])
  } catch (error) {
    // The target first, so that it keeps what it has of the current file.
    target.helper.stdin.end()
    const [why] = await Promise.all([whyItFailed(error, source, target), within(GRACE_MS, target.exit), kill(source.helper)])
    throw signal.aborted ? cancelled() : why
  } finally {
    signal.removeEventListener('abort', abort)
    await Promise.all([kill(source.helper), kill(target.helper)])
  }
}

async function assertThere({ engine }: VolumeSide, volume: string): Promise<void> {
  if (!(await engine.volumes.inspect(volume))) throw refused(`the volume ${volume} does not exist`, '')
}

/** A running helper and its outcome. */
interface Side {
  helper: Helper
  /** Never an unhandled rejection. */
  exit: Promise<number>
  output: ReturnType<typeof listen>
}

async function start(
  { engine, image, labels }: VolumeSide,
  command: string[],
  capabilities: string[],
  { name, readOnly }: { name: string; readOnly: boolean },
): Promise<Side> {
  const helper = await engine.helpers.start({ image, labels, command, capabilities, volumes: [{ name, path: '/volume', readOnly }] })
  const exit = helper.exitCode()
  exit.catch(() => undefined)
  // Its outputs fail with the same error, and are read.
  helper.stdin.on('error', (error) => log.debug({ err: error }, 'a helper container did not accept its input'))
  return { helper, exit, output: listen(helper.stderr) }
}

/** At once, as the start of a container takes its time. When one does not start the other is ended. */
async function startBoth(...starts: [() => Promise<Side>, () => Promise<Side>]): Promise<[Side, Side]> {
  const [source, target] = await Promise.allSettled([starts[0](), starts[1]()])
  if (source.status === 'fulfilled' && target.status === 'fulfilled') return [source.value, target.value]
  for (const side of [source, target]) if (side.status === 'fulfilled') await kill(side.value.helper)
  throw [source, target].find((side) => side.status === 'rejected')?.reason
}

async function converse(source: Side, target: Side, { mode, onProgress }: SessionOptions): Promise<SessionResult> {
  const [there, here] = await Promise.all([readHello(target), readHello(source)])
  const totalBytes = Number(here.bytes)
  // What is in the target and no longer in the source is not known yet.
  const presentBytes = Math.min(Number(there.bytes), totalBytes)
  source.output.onBytes((bytes) => onProgress({ doneBytes: Math.min(presentBytes + bytes, totalBytes), totalBytes }))
  onProgress({ doneBytes: presentBytes, totalBytes })
  source.helper.stdin.write(`${there.time}\n`)
  target.helper.stdin.write(`${here.time}\n`)

  let sentBytes = 0
  const count = (bytes: number) => {
    sentBytes += bytes
  }
  // A target that has ended makes the source’s rsync end, which says why.
  const back = pass(target.helper.stdout, source.helper.stdin).then(() => void source.helper.stdin.end())
  const forth = pass(source.helper.stdout, target.helper.stdin, count).then(() => end(source, target, mode))
  const [exitCode] = await Promise.all([forth, back])
  onProgress({ doneBytes: totalBytes, totalBytes })
  return { sentBytes, exitCode, complaint: source.output.complaint(), sameLinks: here.links === there.links }
}

/** The source has said all; the target is told how it went. Returns rsync’s exit code. */
async function end(source: Side, target: Side, mode: VolumeMode): Promise<number> {
  const exitCode = await source.exit
  const hasEnded = [0, PARTLY, VANISHED].includes(exitCode)
  const isDone = exitCode === 0 || (exitCode === VANISHED && mode === 'pass')
  if (isDone) target.helper.stdin.write('done\n')
  else target.helper.stdin.end()
  const targetCode = isDone ? await target.exit : await within(GRACE_MS, target.exit)
  const complaint = `${source.output.complaint()}\n${target.output.complaint()}`
  if (saysDiskFull(complaint)) throw engineDiskFull()
  if (!hasEnded) throw refused(complaint, `rsync ended with ${exitCode}`)
  if (isDone && targetCode !== 0) throw refused(target.output.complaint(), `rsync ended with ${targetCode} in the target`)
  return exitCode
}

/** A stream that breaks says nothing; that the engine was lost is heard of by who waits for the helper’s end, perhaps a moment later. */
async function whyItFailed(error: unknown, source: Side, target: Side): Promise<unknown> {
  if (isBerthError(error)) return error
  const failures = await Promise.all(
    [source, target].map((side) =>
      within(
        GRACE_MS,
        side.exit.then(
          () => null,
          (failure: unknown) => failure,
        ),
      ),
    ),
  )
  const lost = failures.find((failure) => isBerthError(failure))
  if (lost) return lost
  const complaint = `${source.output.complaint()}\n${target.output.complaint()}`
  return saysDiskFull(complaint) ? engineDiskFull() : refused(complaint, error instanceof Error ? error.message : String(error), error)
}

interface Hello {
  bytes: string
  time: string
  links: string
}

/** Throws when it has ended without a word: then it has said why. */
async function readHello({ helper, exit, output }: Side): Promise<Hello> {
  const line = await readLine(helper.stdout)
  const [bytes = '', time = '', links = ''] = line.split(' ')
  if (isNumber(bytes) && (time === '-' || isNumber(time)) && links !== '') return { bytes, time, links }
  const exitCode = await within(GRACE_MS, exit)
  if (saysDiskFull(output.complaint())) throw engineDiskFull()
  throw refused(output.complaint(), `the helper container ended with ${exitCode ?? 'no exit code'} and the output “${line}”`)
}

const isNumber = (text: string) => text !== '' && Number.isSafeInteger(Number(text))

/** Takes the first line off and leaves the rest. When there is none: all that came. */
async function readLine(stream: Readable): Promise<string> {
  let read: Buffer = Buffer.alloc(0)
  for (;;) {
    const chunk: Buffer | null = stream.read()
    if (chunk === null) {
      if (stream.errored) throw stream.errored
      if (stream.readableEnded || stream.destroyed) return read.toString('utf8')
      const isOver = new AbortController()
      await Promise.race(['readable', 'end', 'close'].map((event) => once(stream, event, { signal: isOver.signal })))
      isOver.abort()
      continue
    }
    read = Buffer.concat([read, chunk])
    const end = read.indexOf('\n')
    if (end === -1 && read.length < LONGEST_HELLO) continue
    const rest = end === -1 ? Buffer.alloc(0) : read.subarray(end + 1)
    if (rest.length > 0) stream.unshift(rest)
    return read.toString('utf8', 0, end === -1 ? LONGEST_HELLO : end)
  }
}

/**
 * Forwards data as fast as it is accepted, and does not end the other side. When that side has gone, data is still read, so that its end is
 * noticed.
 */
async function pass(from: Readable, to: Writable, count: (bytes: number) => void = () => undefined): Promise<void> {
  const closed = new Promise<void>((resolve) => to.once('close', resolve))
  for await (const chunk of from as AsyncIterable<Buffer>) {
    count(chunk.length)
    if (!to.writable) continue
    if (!to.write(chunk)) await Promise.race([new Promise<void>((resolve) => to.once('drain', resolve)), closed])
  }
}

/** null when it takes longer, or fails. */
async function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value | null> {
  const isOver = new AbortController()
  const late = sleep(milliseconds, null, { signal: isOver.signal }).catch(() => null)
  try {
    return await Promise.race([work.catch(() => null), late])
  } finally {
    isOver.abort()
  }
}

function kill(helper: Helper): Promise<void> {
  return helper.kill().catch((error: unknown) => {
    log.warn({ err: error }, 'a helper container could not be stopped')
  })
}

function refused(complaint: string, otherwise: string, cause?: unknown): BerthError {
  const reason = complaint.trim().split('\n').slice(-6).join('; ') || otherwise
  const next = 'The source is unchanged. Check the named file, then try again. Data that has arrived is not sent again.'
  return new BerthError(
    'ENGINE_REFUSED',
    `Not all files could be copied to the other engine: ${reason}`,
    { engineStatus: 0, reason, next },
    { cause },
  )
}

/** rsync has gone on after a failure: throws it. */
export function notWhole(complaint: string): BerthError {
  return refused(complaint, 'rsync could not copy everything')
}

function cancelled(): BerthError<'CANCELLED'> {
  const what = 'the copy to the other engine'
  return new BerthError('CANCELLED', 'The copy to the other engine was cancelled.', { what, next: 'Start it again if you still need it.' })
}
