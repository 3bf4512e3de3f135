import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { link, lstat, mkdir, open, realpath, rm, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { nanoid } from 'nanoid'
import writeFileAtomic from 'write-file-atomic'
import { formatBytes } from '../../shared/byte-size'
import type { LibraryFile } from '../../shared/contract/library'
import { BerthError } from '../../shared/errors'
import { fileErrorCode, isMissing } from '../../shared/file-error-code'
import { entryNameProblem } from '../../shared/library/entry-name'
import { writeError } from '../settings/atomic-file'

/** The folder without links; null when there is none. Throws FILE_UNUSABLE for what is no folder, or cannot be looked at. */
export async function realFolder(folder: string): Promise<string | null> {
  try {
    const real = await realpath(folder)
    if ((await stat(real)).isDirectory()) return real
  } catch (error) {
    if (isMissing(error)) return null
    throw unusable(folder, `it cannot be read: ${fileErrorCode(error) ?? 'an unknown failure'}`, error)
  }
  throw unusable(folder, 'it is not a folder')
}

export const isInside = (path: string, root: string) => path === root || path.startsWith(root + sep)

/** Of a text as an editor has read it. */
export const digestOf = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')

/**
 * The absolute path of a file of the library. Every segment is a name of safe characters, and no link leads out, wherever it is. `root` is without
 * links. Throws INPUT_INVALID, FILE_UNUSABLE.
 */
export async function pathInLibrary(root: string, path: string): Promise<string> {
  const segments = path.split('/')
  const problem = segments.length > 16 ? 'The path is too deep.' : segments.map(entryNameProblem).find((found) => found !== null)
  if (problem) {
    const message = `“${path}” is not a valid path for a file of the library. ${problem}`
    throw new BerthError('INPUT_INVALID', message, {
      issues: [{ path: 'path', message }],
      next: 'Use a path such as skill/NAME/SKILL.md.',
    })
  }
  const absolute = join(root, ...segments)
  const there = await nearestThere(absolute)
  if (!isInside(there, root)) throw unusable(path, 'a link leads out of the library')
  return absolute
}

/** Where the path, or of one that is not there the nearest folder above it, really is. */
async function nearestThere(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (!isMissing(error)) throw unusable(path, `it cannot be read: ${fileErrorCode(error) ?? 'an unknown failure'}`, error)
    // A link that leads nowhere: what is written to it would appear wherever it points to.
    if (await isLink(path)) throw unusable(path, 'it is a broken link')
    return nearestThere(dirname(path))
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** A text file of at most so many bytes; null when there is none. Throws FILE_UNUSABLE. */
export async function readText(path: string, maxBytes: number): Promise<{ text: string; stats: Stats } | null> {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(path, 'r')
  } catch (error) {
    if (isMissing(error)) return null
    throw unusable(path, `it cannot be read: ${fileErrorCode(error) ?? 'an unknown failure'}`, error)
  }
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw unusable(path, 'it is not a file')
    if (stats.size > maxBytes) throw unusable(path, `it is larger than ${formatBytes(maxBytes)}`)
    const bytes = await handle.readFile()
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), stats }
  } catch (error) {
    if (error instanceof TypeError) throw unusable(path, 'it is not UTF-8 text', error)
    throw error
  } finally {
    await handle.close()
  }
}

/**
 * Writes a file if it is still what was read: by its digest, or null for one that is not there yet. Throws LIBRARY_FILE_CHANGED, DISK_FULL, FILE_UNUSABLE.
 */
export async function writeText(root: string, path: string, text: string, digest: string | null, maxBytes: number): Promise<LibraryFile> {
  const absolute = await pathInLibrary(root, path)
  const current = await readText(absolute, maxBytes)
  if ((current === null ? null : digestOf(current.text)) !== digest) throw fileChanged(path, current === null)
  try {
    if (current === null) await writeNew(absolute, text)
    else await writeFileAtomic(absolute, text, { mode: current.stats.mode & 0o777, fsync: true })
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') throw fileChanged(path, false)
    const refused = writeError(error, path)
    throw refused === error && fileErrorCode(error) !== null
      ? unusable(path, `it cannot be written: ${fileErrorCode(error)}`, error)
      : refused
  }
  return { path, text, digest: digestOf(text) }
}

/** Whole or not at all, and never over one that appears meanwhile. */
async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const partial = join(dirname(path), `.berth-${nanoid()}`)
  try {
    await writeFileAtomic(partial, text, { mode: 0o644, fsync: true })
    await link(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}

export function unusable(file: string, reason: string, cause?: unknown): BerthError {
  return new BerthError(
    'FILE_UNUSABLE',
    `${file} of the library cannot be used: ${reason}.`,
    { file, reason, next: 'Check the file in the folder that “berth library path” prints.' },
    { cause },
  )
}

function fileChanged(file: string, isGone: boolean): BerthError {
  return new BerthError(
    'LIBRARY_FILE_CHANGED',
    `${file} ${isGone ? 'was deleted' : 'was changed'} since it was read, so it was not saved.`,
    {
      file,
      next: 'Open it again and apply your change to the current version.',
    },
  )
}
