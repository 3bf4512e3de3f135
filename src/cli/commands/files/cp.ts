import { basename, dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { formatBytes } from '../../../shared/byte-size'
import { folderOf, HOME_FOLDER, joinPath, nameOf } from '../../../shared/files/file-path'
import { writeTar } from '../../../shared/files/tar-writing'
import { CliError, usageError } from '../../cli-error'
import { type Connection, withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { EXIT } from '../../exit-codes'
import { plural } from '../../output/format/quantities'
import { printJson, remark } from '../../output/output'
import { addToTar, type CopyEntry, entriesOfTar } from './copy-entry'
import { type CopyProgress, showCopyProgress } from './copy-progress'
import { receive, send } from './file-transfer'
import { existingAt, localEntries, writeLocal } from './local-files'
import { type Existing, isContentPath, type Location, parseLocation, placeInTarget } from './location'

type InWorkspace = Extract<Location, { kind: 'workspace' }>

/** What is copied, with a way to read it. */
interface Source {
  name: string
  isFolder: boolean
  isContent: boolean
  /** null when it is not known. */
  bytes: number | null
  entries(): AsyncIterable<CopyEntry>
}

interface Skipped {
  path: string
  why: string
}

/** The most that are named one by one. */
const MOST_NAMED = 20

export async function copyFiles(context: CliContext, from: string, to: string): Promise<void> {
  const [source, target] = [parseLocation(from), parseLocation(to)]
  if (source.kind !== 'workspace' && target.kind !== 'workspace') {
    throw usageError('Neither side is in a workspace.', 'Write one of them as WORKSPACE:PATH, such as demo:notes.txt.')
  }
  if (target.kind === 'stream' && context.options.json) throw usageError('With “-” standard output is the file, and cannot be JSON.')
  const cancelled = new AbortController()
  const restore = context.onSignal('SIGINT', () => cancelled.abort())
  const progress = showCopyProgress(context, from)
  const skipped: Skipped[] = []
  try {
    await withConnection(context, async (connection) => {
      const [found, place] = [await inItsHome(connection, source), await inItsHome(connection, target)]
      await copy(context, connection, [found, from], [place, to], cancelled.signal, progress, skipped)
    })
  } catch (error) {
    if (!cancelled.signal.aborted) throw error
    throw new CliError('CANCELLED', 'The copy was cancelled.', { exitCode: EXIT.interrupted, data: { what: from } })
  } finally {
    progress.end()
    restore()
  }
  tell(context, from, to, progress, skipped)
}

/** A host workspace has its folder for a home folder. */
async function inItsHome({ client }: Connection, location: Location): Promise<Location> {
  if (location.kind !== 'workspace' || !location.isFromHome) return location
  const { host } = await client.workspaces.get({ workspace: location.workspace })
  return host === null ? location : { ...location, path: joinPath(host.folder, location.path.slice(HOME_FOLDER.length)) }
}

async function copy(
  context: CliContext,
  connection: Connection,
  [source, from]: [Location, string],
  [target, to]: [Location, string],
  signal: AbortSignal,
  progress: CopyProgress,
  skipped: Skipped[],
): Promise<void> {
  const { door } = connection
  if (target.kind === 'stream') {
    if (source.kind !== 'workspace') return
    const bytes = await receive(door, source.workspace, 'content', source.path, signal)
    await pipeline(bytes, (chunks) => countingBytes(chunks, progress), context.stdout, { end: false, signal })
    progress.files = 1
    return
  }
  if (source.kind === 'stream') {
    if (target.kind !== 'workspace') return
    const isFolder = target.isFolder || (await existingIn(connection, target)) === 'folder'
    const { files } = await send(
      door,
      target.workspace,
      isFolder ? 'archive' : 'content',
      target.path,
      countingBytes(context.stdin() as AsyncIterable<Uint8Array>, progress),
      signal,
    )
    progress.files = files
    return
  }
  const found = source.kind === 'local' ? await localSource(source.path) : await workspaceSource(connection, source, from, signal)
  progress.totalBytes = found.bytes
  const onSkip = ({ path }: CopyEntry, why: string) => void skipped.push({ path: [found.name, ...path].join('/'), why })
  const counted = counting(found.entries(), progress)
  if (target.kind === 'local') {
    const place = {
      folder: dirname(resolve(target.path)),
      name: basename(resolve(target.path)),
      text: to,
      isFolder: target.path.endsWith('/'),
    }
    const { folder, name } = placeInTarget(found, place, await existingAt(target.path), join)
    await writeLocal(join(folder, name), counted, { signal, onSkip })
    return
  }
  const place = { folder: folderOf(target.path), name: nameOf(target.path), text: to, isFolder: target.isFolder }
  const { folder, name } = placeInTarget(found, place, await existingIn(connection, target), joinPath)
  const written = writeTar(async (add) => {
    for await (const entry of counted) {
      if (entry.kind === 'other') onSkip(entry, 'not a file')
      else await addToTar(add, name, entry)
    }
  })
  try {
    const { skipped: left } = await send(door, target.workspace, 'archive', folder, written.tar, signal)
    skipped.push(...left.map((path) => ({ path, why: 'not a file' })))
  } finally {
    written.end()
  }
}

async function localSource(path: string): Promise<Source> {
  const existing = await existingAt(path)
  const isFolder = existing === 'folder'
  if (path.endsWith('/') && existing === 'file') throw usageError(`${path} is not a folder.`)
  const [first] = existing === 'file' ? [await firstOf(localEntries(path))] : []
  return {
    name: basename(resolve(path)),
    isFolder,
    isContent: isFolder && isContentPath(path),
    bytes: first?.size ?? null,
    entries: () => localEntries(path),
  }
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item
  return undefined
}

async function workspaceSource(
  { client, door }: Connection,
  { workspace, path, isContent }: InWorkspace,
  label: string,
  signal: AbortSignal,
): Promise<Source> {
  const { kind, size } = await client.files.stat({ workspace, path })
  return {
    name: nameOf(path) || workspace,
    isFolder: kind === 'folder',
    isContent,
    bytes: kind === 'file' ? size : null,
    async *entries() {
      yield* entriesOfTar(await receive(door, workspace, 'archive', path, signal), label)
    },
  }
}

async function existingIn({ client }: Connection, { workspace, path }: InWorkspace): Promise<Existing> {
  // Loaded here only, as it is by now: a connection is there.
  const { ORPCError } = await import('@orpc/client')
  try {
    const { kind } = await client.files.stat({ workspace, path })
    return kind === 'link' ? null : kind
  } catch (error) {
    if (error instanceof ORPCError && error.code === 'FILE_NOT_FOUND') return null
    throw error
  }
}

async function* counting(entries: AsyncIterable<CopyEntry>, progress: CopyProgress): AsyncGenerator<CopyEntry> {
  for await (const entry of entries) {
    yield { ...entry, content: countingBytes(entry.content, progress) }
    if (entry.kind === 'file') progress.files += 1
  }
}

async function* countingBytes(chunks: AsyncIterable<Uint8Array>, progress: CopyProgress): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    progress.bytes += chunk.length
    yield chunk
  }
}

function tell(context: CliContext, from: string, to: string, { files, bytes }: CopyProgress, skipped: readonly Skipped[]): void {
  if (context.options.json) return printJson(context, { source: from, target: to, files, bytes, skipped })
  for (const { path, why } of skipped.slice(0, MOST_NAMED)) remark(context, `Left out: ${path} (${why})`)
  if (skipped.length > MOST_NAMED) remark(context, `Left out: ${skipped.length - MOST_NAMED} more`)
  remark(context, `Copied ${plural(files, 'file')} (${formatBytes(bytes)}) to ${to === '-' ? 'standard output' : to}`)
}
