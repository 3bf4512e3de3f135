import type { Readable } from 'node:stream'
import { type FilePreview, PREVIEW_IMAGE_BYTES, PREVIEW_TEXT_BYTES } from '../../shared/contract/files'
import { readTar } from '../../shared/files/tar-reading'
import type { Machine } from '../engine/machine'
import { badArchive, fileNotFound } from './file-errors'
import type { FilesWorkspace } from './inside'
import { imageType, textOf } from './preview'

type FilesEngine = Pick<Machine, 'containers'>

/** Bytes that leave a workspace. */
export interface Opened {
  /** A file as it is, or a tar. */
  kind: 'file' | 'archive'
  /** null for a tar. */
  size: number | null
  /** To be read to its end, or returned. */
  chunks: AsyncGenerator<Uint8Array>
}

export interface Download extends Opened {
  /** To save it under. */
  name: string
}

/** A file's bytes, of the size it had when it was opened. */
export async function openFile(engine: FilesEngine, workspace: FilesWorkspace, path: string, signal: AbortSignal): Promise<Opened> {
  const archive = await readArchive(engine, workspace, path, signal)
  const entries = readTar(archive, damaged)
  const { value: entry } = await entries.next()
  if (entry?.header.type !== 'file') {
    archive.destroy()
    throw fileNotFound({ workspace: workspace.name, path })
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      if (entry) yield* entry as AsyncIterable<Uint8Array>
    } finally {
      archive.destroy()
    }
  }
  return { kind: 'file', size: entry.header.size ?? 0, chunks: chunks() }
}

/** A tar of a file, or of a folder with all in it, below its own name. */
export async function openArchive(engine: FilesEngine, workspace: FilesWorkspace, path: string, signal: AbortSignal): Promise<Opened> {
  const archive = await readArchive(engine, workspace, path, signal)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* archive as AsyncIterable<Uint8Array>
    } finally {
      archive.destroy()
    }
  }
  return { kind: 'archive', size: null, chunks: chunks() }
}

async function readArchive(
  engine: FilesEngine,
  { containerId, name }: FilesWorkspace,
  path: string,
  signal: AbortSignal,
): Promise<Readable> {
  const archive = await engine.containers.readArchive(containerId, path, signal)
  if (archive === null) throw fileNotFound({ workspace: name, path })
  // Its reader handles errors; before that, nobody does.
  archive.on('error', () => undefined)
  return archive
}

/** As much as a person looks at. */
export async function previewFile(engine: FilesEngine, workspace: FilesWorkspace, path: string, signal: AbortSignal): Promise<FilePreview> {
  const { size: whole, chunks } = await openFile(engine, workspace, path, signal)
  const size = whole ?? 0
  let start = Buffer.alloc(0)
  const parts: Uint8Array[] = []
  let length = 0
  let wanted = PREVIEW_TEXT_BYTES
  for await (const chunk of chunks) {
    parts.push(chunk)
    length += chunk.length
    if (start.length < 16) {
      start = Buffer.concat(parts)
      if (imageType(start) !== null && size <= PREVIEW_IMAGE_BYTES) wanted = PREVIEW_IMAGE_BYTES
    }
    if (length >= wanted) break
  }
  const bytes = Buffer.concat(parts)
  const mediaType = imageType(bytes)
  if (size === 0) return { kind: 'none', size, reason: 'empty' }
  if (mediaType !== null) {
    if (size > PREVIEW_IMAGE_BYTES) return { kind: 'none', size, reason: 'too-large' }
    return { kind: 'image', size, mediaType, data: bytes.toString('base64') }
  }
  const text = textOf(bytes.subarray(0, PREVIEW_TEXT_BYTES))
  if (text === null) return { kind: 'none', size, reason: 'binary' }
  return { kind: 'text', size, text, truncated: size > PREVIEW_TEXT_BYTES }
}

const damaged = (reason: string) => badArchive('', 'format', `The engine’s archive is damaged: ${reason}.`)
