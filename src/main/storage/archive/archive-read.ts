import { createHash } from 'node:crypto'
import { constants, type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress, constants as zlib } from 'node:zlib'
import { isBerthError } from '../../../shared/errors'
import { fileError, notRegular } from './archive-file-error'
import { type ArchiveIndex, readHeader } from './archive-header'
import { type ArchivePartName, archiveInvalid } from './archive-manifest'
import { TarCheck, type TarSummary } from './archive-tar'

const READ_BYTES = 256 * 1024
/** What an archive may ask for to be unpacked with, as a power of two: more than Berth writes with. */
const MAX_WINDOW_LOG = 23
/** Only a manipulated file gets larger than this: long empty ranges are holes and not in the archive. */
const MAX_RATIO = 2000
const RATIO_FROM_BYTES = 64 * 1024 ** 3

/** An archive that is open. Throws as it is read: ARCHIVE_INVALID, FILE_UNUSABLE, CANCELLED. */
export interface OpenArchive extends ArchiveIndex {
  /**
   * Unpacks one part into `target`, and ends it when the part is whole and as it was announced; destroys it otherwise. What
   * comes to the target has been checked up to there.
   */
  readPart(name: ArchivePartName, options: ReadOptions): Promise<TarSummary>
  close(): Promise<void>
}

export interface ReadOptions {
  /** null to check only. */
  target: Writable | null
  capture?: string[]
  signal: AbortSignal
  /** Bytes of the file so far, of this part. */
  onProgress(storedBytes: number): void
}

/** Without it, opening a pipe waits for whoever writes to it, and with it one of the few threads that Node has for files. Not on Windows. */
const WITHOUT_WAITING = constants.O_NONBLOCK ?? 0

/** Opens a file and reads its header. Throws ARCHIVE_INVALID and FILE_UNUSABLE, also if it is not a regular file. */
export async function openArchive(file: string): Promise<OpenArchive> {
  const handle = await fileErrors(file, () => open(file, constants.O_RDONLY | WITHOUT_WAITING))
  try {
    if (!(await handle.stat()).isFile()) throw notRegular(file)
    const index = await fileErrors(file, () => readHeader(handle, file))
    checkRatio(index, file)
    return { ...index, readPart: (name, options) => readPart(handle, file, index, name, options), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function checkRatio({ manifest }: ArchiveIndex, file: string): void {
  for (const { bytes, storedBytes, entries } of manifest.parts) {
    // Each entry is a block at least.
    if (entries * 512 > bytes) throw archiveInvalid(file, 'size', 'It declares an impossible number of files.')
    if (bytes > RATIO_FROM_BYTES && bytes / storedBytes > MAX_RATIO)
      throw archiveInvalid(file, 'size', 'It would unpack to an implausible size.')
  }
}

async function readPart(
  handle: FileHandle,
  file: string,
  { manifest, offsets }: ArchiveIndex,
  name: ArchivePartName,
  { target, capture, signal, onProgress }: ReadOptions,
): Promise<TarSummary> {
  const part = manifest.parts.find((candidate) => candidate.name === name)
  if (!part) throw new Error(`the archive has no part ${name}`)
  const check = new TarCheck({
    part: name,
    limits: { bytes: part.bytes, entries: part.entries },
    refuse: (reason, what) => archiveInvalid(file, reason, what),
    ...(capture ? { capture } : {}),
  })
  let summary: TarSummary | null = null
  const stages = [
    storedBytes(handle, file, offsets[name], part.storedBytes, part.sha256, onProgress),
    createZstdDecompress({ params: { [zlib.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        check.write(chunk)
        if (target) yield chunk
      }
      summary = check.end()
    },
  ] as const
  try {
    if (target) await pipeline(...stages, target, { signal })
    else await pipeline(...stages, drain, { signal })
  } catch (error) {
    throw isZstdError(error) ? archiveInvalid(file, 'tampered', 'A part of it is damaged.', error) : error
  }
  if (summary === null) throw new Error(`part ${name} has no end marker`)
  return summary
}

async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of chunks);
}

/** The part as it is in the file. Throws at its end if it is not what it was. */
async function* storedBytes(
  handle: FileHandle,
  file: string,
  offset: number,
  length: number,
  sha256: string,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let done = 0
  while (done < length) {
    // A new one each time: the stages behind hold on to what they are given.
    const wanted = Math.min(READ_BYTES, length - done)
    const { buffer, bytesRead } = await fileErrors(file, () => handle.read(Buffer.allocUnsafe(wanted), 0, wanted, offset + done))
    if (bytesRead === 0) throw archiveInvalid(file, 'truncated', 'Its end is missing.')
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    done += bytesRead
    onProgress(done)
    if (done === length && hash.digest('hex') !== sha256) throw archiveInvalid(file, 'tampered', 'A part of it was changed or damaged.')
    yield chunk
  }
}

/** Also “unexpected end of file”, which Node gives the code of its older compression. */
function isZstdError(error: unknown): boolean {
  if (isBerthError(error) || !(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return error.code.startsWith('ZSTD_') || error.code === 'Z_BUF_ERROR'
}

async function fileErrors<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw fileError(error, file)
  }
}
