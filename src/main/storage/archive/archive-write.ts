import { createHash } from 'node:crypto'
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { BerthError } from '../../../shared/errors'
import { fileError, isFileError, notRegular } from './archive-file-error'
import { archiveId, finishedHeader, headerBytesFor, manifestOf, unfinishedHeader } from './archive-header'
import { type ArchiveHead, type ArchivePart, type ArchivePartName, archiveInvalid } from './archive-manifest'
import { TarCheck } from './archive-tar'

/** Where a file is written until it is whole. */
export function partialFile(file: string): string {
  return `${file}.partial`
}

/** A tar that is to be a part. It is read when its turn comes. */
export interface PartSource {
  name: ArchivePartName
  /** `read` is called once with the stream; `open` throws when what makes the stream fails. */
  open(read: (stream: Readable) => Promise<void>): Promise<void>
}

export interface WriteOptions {
  head: ArchiveHead
  /** Image, home and docker, in this order. */
  parts: PartSource[]
  signal: AbortSignal
  /** Bytes of the tars so far. */
  onProgress(doneBytes: number): void
}

/**
 * Throws FILE_EXISTS if the file, or an unfinished one of that name, exists; FILE_UNUSABLE if the folder does not exist, or if the file is
 * not regular: devices, pipes, folders and links are never replaced.
 */
export async function checkTarget(file: string, overwrite: boolean): Promise<void> {
  for (const path of overwrite ? [partialFile(file)] : [file, partialFile(file)]) {
    const found = await statOrNull(path)
    if (found) throw fileExists(path)
  }
  if (overwrite) await assertReplaceable(file)
}

/**
 * Writes an archive to `FILE.partial`, with memory that does not grow with it, and returns when it is on the disk. What it would
 * refuse to import it refuses to write. Throws FILE_EXISTS, FILE_UNUSABLE, DISK_FULL, ARCHIVE_INVALID, and what the parts throw.
 */
export async function writeArchive(file: string, { head, parts, signal, onProgress }: WriteOptions): Promise<void> {
  const path = partialFile(file)
  const handle = await guarded(path, () => open(path, 'wx', 0o600))
  try {
    const headerBytes = headerBytesFor(head)
    await guarded(path, () => writeAll(handle, unfinishedHeader(head.id, headerBytes), 0))
    const written: ArchivePart[] = []
    let offset = headerBytes
    let doneBytes = 0
    for (const part of parts) {
      const done = doneBytes
      const result = await writePart({ handle, file, part, offset, signal, onProgress: (bytes) => onProgress(done + bytes) })
      written.push(result)
      offset += result.storedBytes
      doneBytes += result.bytes
    }
    await guarded(path, async () => {
      await writeAll(handle, finishedHeader(manifestOf(head, written), headerBytes), 0)
      await handle.sync()
    })
  } finally {
    await handle.close()
  }
}

interface PartWrite {
  handle: FileHandle
  file: string
  part: PartSource
  offset: number
  signal: AbortSignal
  onProgress(bytes: number): void
}

async function writePart({ handle, file, part, offset, signal, onProgress }: PartWrite): Promise<ArchivePart> {
  const check = new TarCheck({ part: part.name, limits: null, refuse: (reason, what) => notWritten(file, reason, what) })
  const hash = createHash('sha256')
  let bytes = 0
  let storedBytes = 0
  await part.open((stream) =>
    pipeline(
      stream,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          check.write(chunk)
          bytes += chunk.length
          onProgress(bytes)
          yield chunk
        }
      },
      createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk)
          await guarded(file, () => writeAll(handle, chunk, offset + storedBytes))
          storedBytes += chunk.length
        }
      },
      { signal },
    ),
  )
  const { entries } = check.end()
  return { name: part.name, bytes, entries, storedBytes, sha256: hash.digest('hex') }
}

async function writeAll(handle: FileHandle, data: Buffer, position: number): Promise<void> {
  let at = 0
  while (at < data.length) at += (await handle.write(data, at, data.length - at, position + at)).bytesWritten
}

/**
 * Renames the complete file to its name; does nothing if that is done. Throws FILE_EXISTS if another file has the name, unless it is to be
 * replaced.
 */
export async function publishArchive(file: string, overwrite: boolean): Promise<void> {
  const partial = await statOrNull(partialFile(file))
  if (partial === null) return
  await guarded(file, async () => {
    if (overwrite) {
      await assertReplaceable(file)
      return rename(partialFile(file), file)
    }
    try {
      // Unlike a rename, this does not take the place of a file that came meanwhile.
      await link(partialFile(file), file)
    } catch (error) {
      if (!isFileError(error)) throw error
      const there = await statOrNull(file)
      if (there && there.ino !== partial.ino) throw fileExists(file)
      // Not every file system has links; what else may be wrong, a rename says too.
      if (!there) return rename(partialFile(file), file)
    }
    await unlink(partialFile(file))
  })
}

/** Removes what the export of that id has written and not published; leaves any other file alone. */
export async function removePartial(file: string, id: string): Promise<void> {
  const path = partialFile(file)
  const found = await statOrNull(path)
  if (!found?.isFile()) return
  await guarded(path, async () => {
    const handle = await open(path, 'r')
    try {
      // An empty one was cut off between its making and its first bytes.
      if (found.size > 0 && (await archiveId(handle)) !== id) return
    } finally {
      await handle.close()
    }
    await unlink(path)
  })
}

async function assertReplaceable(file: string): Promise<void> {
  const found = await statOrNull(file)
  if (found && !found.isFile()) throw notRegular(file)
}

/** Of a link, the link. */
async function statOrNull(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return null
    throw fileError(error, path)
  }
}

async function guarded<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (isFileError(error, 'EEXIST')) throw fileExists(path)
    throw fileError(error, path)
  }
}

function fileExists(file: string): BerthError {
  return new BerthError('FILE_EXISTS', `The file ${file} already exists.`, {
    file,
    next: 'Choose another name, or overwrite the existing file.',
  })
}

function notWritten(file: string, ...[reason, what]: [Parameters<typeof archiveInvalid>[1], string]): BerthError {
  const { data } = archiveInvalid(file, reason, what) as BerthError<'ARCHIVE_INVALID'>
  return new BerthError('ARCHIVE_INVALID', `The workspace cannot be exported. ${what}`, data)
}
