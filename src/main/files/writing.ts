import { Readable } from 'node:stream'
import { nanoid } from 'nanoid'
import { BerthError } from '../../shared/errors'
import { folderOf, isWithin, joinPath, nameOf } from '../../shared/files/file-path'
import { type AddEntry, writeTar } from '../../shared/files/tar-writing'
import type { Machine } from '../engine/machine'
import { log } from '../log'
import { notRunning, refused, wrongSize } from './file-errors'
import { addArchive, type Incoming, nothingYet } from './incoming-archive'
import { type FilesWorkspace, LONG_TIMEOUT_MS, runInside, WORKSPACE_USER } from './inside'

type FilesEngine = Machine

/** Names that are given to one command: far from the limit of a command line. */
const NAMES_AT_ONCE = 200

export interface WrittenFile {
  path: string
  /** null when nobody knows it beforehand: only a running workspace takes such a file. */
  size: number | null
  mode: number
  modifiedAt: Date
  replace: boolean
}

/** Writes one file. The former one of that name stays until the new one is whole. */
export async function writeFile(
  engine: FilesEngine,
  workspace: FilesWorkspace,
  file: WrittenFile,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Incoming> {
  const folder = folderOf(file.path)
  const name = nameOf(file.path)
  const incoming: Incoming = { ...nothingYet(), names: new Set([name]), fileCount: 1 }
  const counted = counting(chunks, incoming)
  const { size } = file
  if (size === null) {
    if (!workspace.running) throw notRunning(workspace.name, workspace.status, 'A file of unknown size can be written')
    await staged(engine, workspace, folder, file.replace, signal, incoming, async (staging) => {
      await pour(engine, workspace, joinPath(`${folder}/${staging}`, name), file.mode, counted, signal)
    })
    return incoming
  }
  const entry = (prefix: string) => ({
    ...{ name: prefix + name, size, mode: file.mode, mtime: file.modifiedAt, type: 'file' as const },
    ...{ uid: WORKSPACE_USER.uid, gid: WORKSPACE_USER.gid },
  })
  const exact = exactly(counted, size, () => wrongSize({ workspace: workspace.name, path: file.path }, size))
  await unpackWhole(engine, workspace, folder, file.replace, signal, incoming, (prefix, add) => add(entry(prefix), exact))
  return incoming
}

/** Unpacks a tar into a folder; what is there under the same name is replaced, and folders are merged. */
export async function writeArchive(
  engine: FilesEngine,
  workspace: FilesWorkspace,
  folder: string,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Incoming> {
  const incoming = nothingYet()
  await unpackWhole(engine, workspace, folder, true, signal, incoming, (prefix, add) => addArchive(chunks, prefix, add, incoming))
  return incoming
}

/**
 * In a running workspace, everything is first written to a folder next to the target and moved into place when complete, so a cancelled or
 * failed copy leaves nothing. In a stopped workspace no program can do that, so it is written directly, and only below the home folder:
 * everything outside was saved as an image when the workspace stopped.
 */
async function unpackWhole(
  engine: FilesEngine,
  workspace: FilesWorkspace,
  folder: string,
  replace: boolean,
  signal: AbortSignal,
  incoming: Incoming,
  write: (prefix: string, add: AddEntry) => Promise<void>,
): Promise<void> {
  if (workspace.running) {
    return staged(engine, workspace, folder, replace, signal, incoming, (staging) =>
      unpack(engine, workspace, folder, signal, (add) => write(`${staging}/`, add)),
    )
  }
  assertTakesFiles(workspace, folder)
  await unpack(engine, workspace, folder, signal, (add) => write('', add))
}

function assertTakesFiles({ name, status, busy, home }: FilesWorkspace, folder: string): void {
  if (busy) throw notRunning(name, status, 'Files can be copied into it')
  if (!isWithin(folder, home)) throw notRunning(name, status, `Files outside ${home} can be written`)
}

async function staged(
  engine: FilesEngine,
  workspace: FilesWorkspace,
  folder: string,
  replace: boolean,
  signal: AbortSignal,
  incoming: Incoming,
  fill: (staging: string) => Promise<void>,
): Promise<void> {
  const staging = `.berth-upload-${nanoid(10)}`
  const from = joinPath(folder, staging)
  try {
    // By the user, so that what the user may not is refused before anything is sent.
    const made = await runInside(engine, workspace, ['mkdir', '--mode=700', '--', from], { signal })
    if (made.exitCode !== 0) throw refused({ workspace: workspace.name, path: folder }, 'write to', made.stderr.toString('utf8'))
    await fill(staging)
    const names = [...incoming.names]
    for (let at = 0; at < names.length; at += NAMES_AT_ONCE) {
      const sources = names.slice(at, at + NAMES_AT_ONCE).map((name) => joinPath(from, name))
      await putInPlace(engine, workspace, folder, sources, replace, signal)
    }
  } finally {
    await removeStaging(engine, workspace, from)
  }
}

/** As links: no byte is copied again, and folders that are there are merged. */
async function putInPlace(
  engine: FilesEngine,
  workspace: FilesWorkspace,
  folder: string,
  sources: string[],
  replace: boolean,
  signal: AbortSignal,
): Promise<void> {
  const command = [
    'cp',
    '--archive',
    '--link',
    ...(replace ? ['--remove-destination'] : []),
    `--target-directory=${folder}`,
    '--',
    ...sources,
  ]
  const { exitCode, stderr } = await runInside(engine, workspace, command, { signal, timeoutMs: LONG_TIMEOUT_MS })
  if (exitCode !== 0) throw refused({ workspace: workspace.name, path: folder }, 'write to', stderr.toString('utf8'))
}

/** As root: the files may have modes that stop their own user from removing them. Failures are only logged. */
async function removeStaging(engine: FilesEngine, workspace: FilesWorkspace, path: string): Promise<void> {
  try {
    await runInside(engine, workspace, ['rm', '-rf', '--', path], { timeoutMs: LONG_TIMEOUT_MS, user: 'root' })
  } catch (error) {
    log.warn({ err: error, workspace: workspace.name, path }, 'the leftovers of an upload could not be removed')
  }
}

/** Throws what kept the tar from being written whole, or else what the engine says. */
async function unpack(
  engine: FilesEngine,
  { containerId }: FilesWorkspace,
  folder: string,
  signal: AbortSignal,
  write: (add: AddEntry) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted()
  const written = writeTar(write)
  try {
    await engine.containers.writeArchive(containerId, folder, Readable.from(written.tar), signal)
  } catch (error) {
    throw signal.aborted ? cancelled(folder) : (written.failure() ?? error)
  } finally {
    written.end()
  }
}

/** A file of unknown size is nothing that a tar can hold. */
async function pour(
  engine: FilesEngine,
  workspace: FilesWorkspace,
  path: string,
  mode: number,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const located = { workspace: workspace.name, path }
  const poured = await runInside(engine, workspace, ['dd', `of=${path}`, 'bs=64K', 'status=none'], {
    signal,
    stdin: chunks,
    timeoutMs: null,
  })
  if (poured.exitCode !== 0) throw refused(located, 'write', poured.stderr.toString('utf8'))
  const { exitCode, stderr } = await runInside(engine, workspace, ['chmod', mode.toString(8), path], { signal })
  if (exitCode !== 0) throw refused(located, 'write', stderr.toString('utf8'))
}

async function* counting(chunks: AsyncIterable<Uint8Array>, incoming: Incoming): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    incoming.bytes += chunk.length
    yield chunk
  }
}

/** Throws when there are more or fewer bytes. */
async function* exactly(chunks: AsyncIterable<Uint8Array>, size: number, wrong: () => Error): AsyncGenerator<Uint8Array> {
  let passed = 0
  for await (const chunk of chunks) {
    passed += chunk.length
    if (passed > size) throw wrong()
    yield chunk
  }
  if (passed < size) throw wrong()
}

function cancelled(folder: string): BerthError {
  const what = `the copy to ${folder}`
  return new BerthError('CANCELLED', 'The copy was cancelled.', { what, next: 'Start it again if you still need it.' })
}
