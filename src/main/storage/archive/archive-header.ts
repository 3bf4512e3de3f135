import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { parseJson } from '../../../shared/parse-json'
import {
  ARCHIVE_VERSION,
  type ArchiveHead,
  type ArchiveManifest,
  type ArchivePart,
  type ArchivePartName,
  archiveInvalid,
  archiveManifestSchema,
  archivePartNameSchema,
  READABLE_VERSIONS,
} from './archive-manifest'

/**
 * An archive is a zstd file: a skippable frame with the manifest, and a frame for each part. Any zstd unpacks it, to the tars one
 * behind the other. The manifest comes first, so that an import knows all sizes before it reads on; its room is kept free
 * while the parts are written. In the frame: the checksum of the rest in hexadecimal digits, the manifest as JSON, blanks.
 */
const MAGIC = 0x184d2a5b
const FRAME_BYTES = 8
const CHECKSUM_DIGITS = 64
const ROUNDED_TO = 4096
/** A workspace with as much environment as it may have fits. */
const MAX_HEADER_BYTES = 128 * 1024 * 1024

/** Room that is enough for the manifest of these parts, whatever they come to. */
export function headerBytesFor(head: ArchiveHead): number {
  const most = {
    bytes: Number.MAX_SAFE_INTEGER,
    entries: Number.MAX_SAFE_INTEGER,
    storedBytes: Number.MAX_SAFE_INTEGER,
    sha256: '0'.repeat(64),
  }
  const text = JSON.stringify(
    manifestOf(
      head,
      archivePartNameSchema.options.map((name) => ({ name, ...most })),
    ),
  )
  return Math.ceil((FRAME_BYTES + CHECKSUM_DIGITS + Buffer.byteLength(text)) / ROUNDED_TO) * ROUNDED_TO
}

export function manifestOf(head: ArchiveHead, parts: ArchivePart[]): ArchiveManifest {
  return { format: 'berth-workspace', version: ARCHIVE_VERSION, ...head, parts }
}

/** For the time while the parts are written: says whose it is, and is no valid header. */
export function unfinishedHeader(id: string, bytes: number): Buffer {
  return frame(Buffer.from('0'.repeat(CHECKSUM_DIGITS) + JSON.stringify({ unfinished: id })), bytes)
}

export function finishedHeader(manifest: ArchiveManifest, bytes: number): Buffer {
  const header = frame(Buffer.from('0'.repeat(CHECKSUM_DIGITS) + JSON.stringify(manifest)), bytes)
  header.write(checksumOf(header), FRAME_BYTES, 'latin1')
  return header
}

function frame(content: Buffer, bytes: number): Buffer {
  const header = Buffer.alloc(bytes, 0x20)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt32LE(bytes - FRAME_BYTES, 4)
  content.copy(header, FRAME_BYTES)
  return header
}

function checksumOf(header: Buffer): string {
  return createHash('sha256')
    .update(header.subarray(FRAME_BYTES + CHECKSUM_DIGITS))
    .digest('hex')
}

/** The manifest, and where each part is in the file. */
export interface ArchiveIndex {
  manifest: ArchiveManifest
  /** Of the header: tells whether it is still the same file. */
  digest: string
  fileBytes: number
  offsets: Record<ArchivePartName, number>
}

/** Reads the header, and checks that the file is as long as it says. Throws ARCHIVE_INVALID. */
export async function readHeader(handle: FileHandle, file: string): Promise<ArchiveIndex> {
  const fileBytes = (await handle.stat()).size
  const start = Buffer.alloc(FRAME_BYTES)
  await handle.read(start, 0, FRAME_BYTES, 0)
  if (start.readUInt32LE(0) !== MAGIC) throw archiveInvalid(file, 'format', 'It is not an export of a workspace.')
  const headerBytes = start.readUInt32LE(4) + FRAME_BYTES
  if (headerBytes > MAX_HEADER_BYTES || headerBytes < FRAME_BYTES + CHECKSUM_DIGITS)
    throw archiveInvalid(file, 'tampered', 'Its header is damaged.')
  if (headerBytes > fileBytes) throw archiveInvalid(file, 'truncated', 'Its end is missing.')
  const header = Buffer.alloc(headerBytes)
  await handle.read(header, 0, headerBytes, 0)
  const digest = header.toString('latin1', FRAME_BYTES, FRAME_BYTES + CHECKSUM_DIGITS)
  const content = parseJson(header.toString('utf8', FRAME_BYTES + CHECKSUM_DIGITS))
  if (isRecord(content) && 'unfinished' in content) throw archiveInvalid(file, 'truncated', 'It was not written completely.')
  if (digest !== checksumOf(header)) throw archiveInvalid(file, 'tampered', 'Its header was changed or damaged.')
  if (isRecord(content) && content.format === 'berth-workspace' && !READABLE_VERSIONS.includes(content.version)) {
    throw archiveInvalid(
      file,
      'version',
      `It has version ${String(content.version)} of the format, but this Berth can only read versions ${READABLE_VERSIONS.join(' and ')}.`,
    )
  }
  const parsed = archiveManifestSchema.safeParse(content)
  if (!parsed.success) throw archiveInvalid(file, 'tampered', 'Its header is invalid.', parsed.error)
  return { manifest: parsed.data, digest, fileBytes, offsets: offsetsOf(parsed.data, headerBytes, fileBytes, file) }
}

/** The id of the export that wrote it, whole or not; null when it is no archive. */
export async function archiveId(handle: FileHandle): Promise<string | null> {
  const start = Buffer.alloc(FRAME_BYTES)
  const { bytesRead } = await handle.read(start, 0, FRAME_BYTES, 0)
  const headerBytes = start.readUInt32LE(4) + FRAME_BYTES
  if (bytesRead < FRAME_BYTES || start.readUInt32LE(0) !== MAGIC || headerBytes > MAX_HEADER_BYTES) return null
  const header = Buffer.alloc(headerBytes, 0x20)
  await handle.read(header, 0, headerBytes, 0)
  const content = parseJson(header.toString('utf8', FRAME_BYTES + CHECKSUM_DIGITS))
  if (!isRecord(content)) return null
  const id = content.unfinished ?? content.id
  return typeof id === 'string' ? id : null
}

function offsetsOf({ parts }: ArchiveManifest, headerBytes: number, fileBytes: number, file: string): ArchiveIndex['offsets'] {
  const names = archivePartNameSchema.options
  const offsets = { image: 0, home: 0, docker: 0 }
  let offset = headerBytes
  for (const [index, part] of parts.entries()) {
    if (part.name !== names[index]) throw archiveInvalid(file, 'tampered', 'It does not have the required parts.')
    offsets[part.name] = offset
    offset += part.storedBytes
  }
  if (fileBytes < offset) throw archiveInvalid(file, 'truncated', 'Its end is missing.')
  if (fileBytes > offset) throw archiveInvalid(file, 'tampered', 'It contains more data than it declares.')
  return offsets
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
