import { BerthError } from '../../../shared/errors'
import type { Helper } from '../../engine/helpers'
import { linesOf } from '../../engine/lines-of'
import { log } from '../../log'
import { helperLabels, type StorageContext } from './storage-context'
import type { CopyOptions, VolumeUse } from './storage-driver'

/** Of the image; its source and what it says on its output are in resources/workspace-image/volume-copy. */
const PROGRAM = '/usr/local/lib/berth/volume-copy'

/**
 * Measured: owners and times of others' files (CHOWN, FOWNER), files that root may not read (DAC_OVERRIDE), set-group-id (FSETID),
 * device nodes (MKNOD), file capabilities (SETFCAP), `trusted.*` attributes (SYS_ADMIN); LEASE asks whether a file is open for writing.
 */
const COPY_CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'LEASE', 'MKNOD', 'SETFCAP', 'SYS_ADMIN']
/** FOWNER: reading others' folders without leaving a trace in their times. */
const MEASURE_CAPABILITIES = ['DAC_READ_SEARCH', 'FOWNER']

export interface CopyVolumesOptions extends CopyOptions {
  /** Returns only when the copy is on the disk: for when the source is to be removed then. */
  sync: boolean
}

/**
 * Copies what is in volumes to other, empty ones, with a helper container. The targets are the caller's to remove when it fails.
 * Throws DISK_FULL, CANCELLED, ENGINE_REFUSED.
 */
export async function copyVolumes(
  context: StorageContext,
  copies: { from: string; to: string }[],
  { freeze, signal, onProgress, sync }: CopyVolumesOptions,
): Promise<void> {
  const helper = await context.engine.helpers.start({
    image: await context.helperImage(),
    labels: helperLabels(context),
    command: [
      PROGRAM,
      'copy',
      ...(freeze ? ['--live'] : []),
      ...(sync ? ['--sync'] : []),
      ...copies.flatMap((_, index) => [`/from/${index}`, `/to/${index}`]),
    ],
    capabilities: COPY_CAPABILITIES,
    volumes: copies.flatMap(({ from, to }, index) => [
      { name: from, path: `/from/${index}`, readOnly: true },
      { name: to, path: `/to/${index}`, readOnly: false },
    ]),
  })
  await converse(helper, signal, async (messages) => {
    const untilDone = async () => {
      for await (const message of messages) if (message.kind === 'done') return
    }
    for await (const message of messages) {
      if (message.kind === 'progress') onProgress({ doneBytes: message.done, totalBytes: message.total < 0 ? null : message.total })
      if (message.kind === 'done') return
      if (message.kind === 'ready' && freeze) {
        await freeze(async () => {
          helper.stdin.write('go\n')
          await untilDone()
        })
        return
      }
    }
  })
}

/** Bytes on disk of what is in the volumes, in their order. */
export async function measureVolumes(context: StorageContext, names: string[], signal: AbortSignal): Promise<VolumeUse[]> {
  const helper = await context.engine.helpers.start({
    image: await context.helperImage(),
    labels: helperLabels(context),
    command: [PROGRAM, 'measure', ...names.map((_, index) => `/from/${index}`)],
    capabilities: MEASURE_CAPABILITIES,
    volumes: names.map((name, index) => ({ name, path: `/from/${index}`, readOnly: true })),
  })
  const measured: VolumeUse[] = []
  await converse(helper, signal, async (messages) => {
    for await (const message of messages) {
      if (message.kind === 'measured') measured.push({ bytes: message.bytes, exclusiveBytes: message.exclusiveBytes })
      if (message.kind === 'done') return
    }
  })
  return measured
}

type Message =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'measured'; bytes: number; exclusiveBytes: number | null }
  | { kind: 'ready' }
  | { kind: 'done' }

/** Listens to the program until `listen` returns, and ends it whatever happens. */
async function converse(helper: Helper, signal: AbortSignal, listen: (messages: AsyncIterable<Message>) => Promise<void>): Promise<void> {
  // What it says there is of use to nobody but the log.
  let complaint = ''
  helper.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2000)
  })
  const kill = () =>
    helper.kill().catch((error: unknown) => {
      log.warn({ err: error }, 'a helper container could not be stopped')
    })
  signal.addEventListener('abort', kill, { once: true })
  try {
    if (signal.aborted) await kill()
    await listen(messagesOf(helper, () => complaint))
    if (signal.aborted) throw cancelled()
    await helper.exitCode()
  } catch (error) {
    await kill()
    throw signal.aborted ? cancelled() : error
  } finally {
    signal.removeEventListener('abort', kill)
    helper.stdin.end()
  }
}

/** Can be continued where it stopped. Ends with “done” or by throwing, never silently. */
function messagesOf(helper: Helper, complaint: () => string): AsyncIterable<Message> {
  const lines = linesOf(helper.stdout)
  const next = async (): Promise<IteratorResult<Message>> => {
    for (;;) {
      const line = await lines.next()
      if (line.done) throw endedEarly(await helper.exitCode(), complaint())
      const message = parseMessage(line.value)
      if (message) return { done: false, value: message }
    }
  }
  return { [Symbol.asyncIterator]: () => ({ next }) }
}

/** null for a line that says nothing; throws what the program failed with. */
export function parseMessage(line: string): Message | null {
  const [kind, first = '', second = ''] = line.split(' ', 3)
  switch (kind) {
    case 'progress':
      return { kind, done: Number(first), total: Number(second) }
    case 'measured':
      return { kind, bytes: Number(first), exclusiveBytes: second === '-' ? null : Number(second) }
    case 'ready':
    case 'done':
      return { kind }
    case 'failed':
      throw failed(first === 'no-space', line.slice(`failed ${first} `.length))
    default:
      return null
  }
}

function failed(isFull: boolean, what: string): BerthError {
  if (isFull) {
    return new BerthError('DISK_FULL', `There is not enough space for the copy: ${what}.`, {
      where: 'the engine’s disk',
      next: 'Free space on the engine’s disk (snapshots, unused images, stopped containers), then try again.',
    })
  }
  return new BerthError('ENGINE_REFUSED', `The copy failed: ${what}.`, {
    engineStatus: 0,
    reason: what,
    next: 'The source is as it was. Check the named file, then try again.',
  })
}

function endedEarly(exitCode: number, complaint: string): BerthError {
  const reason = complaint.trim() || `the helper container ended with ${exitCode}`
  return new BerthError('ENGINE_REFUSED', `The copy did not finish: ${reason}.`, {
    engineStatus: 0,
    reason,
    next: 'Try again. If it ran out of memory, give the engine more memory.',
  })
}

function cancelled(): BerthError<'CANCELLED'> {
  return new BerthError('CANCELLED', 'The copy was cancelled.', { what: 'the copy', next: 'Start it again if you still need it.' })
}
