import { createReadStream, type Stats } from 'node:fs'
import { chmod, link, lstat, mkdir, open, opendir, readlink, rename, rm, stat, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { nanoid } from 'nanoid'
import { CliError } from '../../cli-error'
import { isNodeError } from '../../connection/door'
import { type CopyEntry, NO_CONTENT } from './copy-entry'
import type { Existing } from './location'

/** What is there, after links. Throws FILE_UNUSABLE. */
export async function existingAt(path: string): Promise<Existing> {
  const status = await tried(path, 'look at', () => orNull(stat(path)))
  if (status === null) return null
  return status.isDirectory() ? 'folder' : status.isFile() ? 'file' : 'other'
}

/** What is copied from this machine, folders before what is in them. The path itself is followed when it is a link; links below it are not. */
export async function* localEntries(root: string): AsyncGenerator<CopyEntry> {
  yield* walk(root, [], await tried(root, 'read', () => stat(root)))
}

async function* walk(at: string, path: string[], status: Stats): AsyncGenerator<CopyEntry> {
  const common = { path, mode: status.mode & 0o777, modifiedAt: status.mtime, size: 0, target: null, content: NO_CONTENT }
  if (status.isFile()) yield { ...common, kind: 'file', size: status.size, content: exactBytes(at, status.size) }
  else if (status.isSymbolicLink()) yield { ...common, kind: 'link', target: await tried(at, 'read', () => readlink(at)) }
  else if (status.isDirectory()) {
    yield { ...common, kind: 'folder' }
    for await (const { name } of await tried(at, 'read', () => opendir(at))) {
      const child = join(at, name)
      const childStatus = await tried(child, 'read', () => orNull(lstat(child)))
      // Removed meanwhile.
      if (childStatus !== null) yield* walk(child, [...path, name], childStatus)
    }
  } else yield { ...common, kind: 'other' }
}

/** As many as it had when it was looked at: an archive says them beforehand. */
async function* exactBytes(path: string, size: number): AsyncGenerator<Uint8Array> {
  let passed = 0
  try {
    for await (const chunk of size === 0 ? [] : createReadStream(path, { end: size - 1, highWaterMark: 256 * 1024 })) {
      passed += chunk.length
      yield chunk
    }
  } catch (error) {
    throw localError(error, path, 'read')
  }
  if (passed < size)
    throw new CliError('FILE_UNUSABLE', `${path} became shorter while it was copied.`, { next: 'Try again.', data: { file: path } })
}

export interface Writing {
  signal: AbortSignal
  /** Something was left out, and why. */
  onSkip(entry: CopyEntry, why: string): void
}

/**
 * Writes what comes to `root` on this machine. Each file appears when it is whole. Nothing is written through a link, and no link is made that
 * leads out of `root`. When it fails or is cancelled, a `root` that was not there before is removed again; else what is whole stays.
 */
export async function writeLocal(root: string, entries: AsyncIterable<CopyEntry>, { signal, onSkip }: Writing): Promise<void> {
  const wasThere = (await orNull(lstat(root))) !== null
  /** Folders that are known to be none through a link. */
  const folders = new Set<string>()
  const made: { path: string; mode: number; modifiedAt: Date }[] = []
  try {
    for await (const entry of entries) {
      signal.throwIfAborted()
      const at = join(root, ...entry.path)
      await tried(at, 'write', () => writeEntry(entry, at))
    }
    // Last, and the deepest first: writing in a folder changes its time, and it may not be for writing.
    for (const { path, mode, modifiedAt } of made.reverse()) {
      await tried(path, 'write', async () => {
        await utimes(path, modifiedAt, modifiedAt)
        await chmod(path, mode)
      })
    }
  } catch (error) {
    if (!wasThere) await rm(root, { recursive: true, force: true })
    throw error
  }

  async function writeEntry(entry: CopyEntry, at: string): Promise<void> {
    for (let length = 0; length < entry.path.length; length++) await enter(join(root, ...entry.path.slice(0, length)), 0o755, new Date())
    switch (entry.kind) {
      case 'folder':
        return enter(at, entry.mode, entry.modifiedAt)
      case 'file':
        return replace(at, (temporary) => writeFile(temporary, entry))
      case 'link': {
        const target = String(entry.target)
        if (leadsOut(entry.path, target)) return onSkip(entry, `a link out of the folder, to ${target}`)
        return replace(at, (temporary) => symlink(target, temporary))
      }
      case 'hard-link': {
        const target = Array.isArray(entry.target) ? entry.target : []
        for (let length = 0; length < target.length; length++) await enter(join(root, ...target.slice(0, length)), 0o755, new Date())
        const source = join(root, ...target)
        if (!(await lstat(source)).isFile()) return onSkip(entry, 'a hard link to what is no file')
        return replace(at, (temporary) => link(source, temporary))
      }
      case 'other':
        return onSkip(entry, 'not a file')
      default:
        return entry.kind satisfies never
    }
  }

  async function enter(path: string, mode: number, modifiedAt: Date): Promise<void> {
    if (folders.has(path)) return
    const status = await orNull(lstat(path))
    if (status === null) {
      await mkdir(path, { mode: 0o700 })
      made.push({ path, mode, modifiedAt })
    } else if (!status.isDirectory()) throw notAFolder(path)
    folders.add(path)
  }

  async function writeFile(path: string, { content, mode, modifiedAt }: CopyEntry): Promise<void> {
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of content) {
        signal.throwIfAborted()
        await file.writeFile(chunk)
      }
      await file.chmod(mode)
      await file.utimes(modifiedAt, modifiedAt)
    } finally {
      await file.close()
    }
  }
}

/** Beside its place first; what is at its place is replaced, and never followed. */
async function replace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(path, '..', `.berth-copy-${nanoid(10)}`)
  try {
    await write(temporary)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Whether a link at that path below the root leads to what is not below the root. */
export function leadsOut(path: readonly string[], target: string): boolean {
  if (target === '' || target.startsWith('/')) return true
  let depth = path.length - 1
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1
    else if (part !== '' && part !== '.') depth += 1
    if (depth < 0) return true
  }
  return false
}

async function orNull<Value>(promise: Promise<Value>): Promise<Value | null> {
  try {
    return await promise
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return null
    throw error
  }
}

async function tried<Value>(path: string, what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw localError(error, path, what)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file or folder does not exist',
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EISDIR: 'a folder is there',
  ENOTDIR: 'part of the path is not a folder',
  EROFS: 'the file system is read-only',
}

function localError(error: unknown, path: string, what: string): unknown {
  if (!isNodeError(error) || error.syscall === undefined) return error
  const code = error.code ?? ''
  const data = { file: path, reason: REASONS[code] ?? error.message }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CliError('DISK_FULL', `Could not ${what} ${path}: the disk is full.`, {
      next: 'Free some space, then try again.',
      data,
      cause: error,
    })
  }
  return new CliError('FILE_UNUSABLE', `Could not ${what} ${path}: ${data.reason}.`, {
    next: 'Check the path and its permissions.',
    data,
    cause: error,
  })
}

function notAFolder(path: string): CliError {
  return new CliError('FILE_UNUSABLE', `${path} is not a folder, or is a link: nothing is written through it.`, {
    next: 'Move it away, or choose another target.',
    data: { file: path, reason: 'not a folder' },
  })
}
