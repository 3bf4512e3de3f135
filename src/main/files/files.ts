import type { z } from 'zod'
import type { FileInfo, FileListing, FilePreview, uploadSchema } from '../../shared/contract/files'
import { folderOf, isWithin, nameOf, normalizePath } from '../../shared/files/file-path'
import type { StreamChannel } from '../../shared/stream-frames'
import type { Machine } from '../engine/machine'
import { fileExists, fileNotFound, notAFile, notAFolder, notRunning, refused } from './file-errors'
import type { Incoming } from './incoming-archive'
import { type FilesWorkspace, LONG_TIMEOUT_MS, runInside } from './inside'
import { LISTING_BYTES, listCommand, parseListing } from './listing'
import { type Download, openArchive, openFile, previewFile } from './reading'
import { createTickets } from './tickets'
import { serveUpload } from './upload-stream'
import { writeArchive, writeFile } from './writing'

/** Of a file that replaces none. */
const NEW_FILE_MODE = 0o644

export interface UploadOptions {
  path: string
  /** null when it is not known beforehand. */
  size: number | null
  mode?: number | undefined
  modifiedAt?: string | undefined
  replace: boolean
}

/** What came of a copy into a workspace. */
export interface UploadResult {
  path: string
  files: number
  bytes: number
  /** Devices, pipes and sockets, which are never copied; the first hundred. */
  skipped: string[]
  skippedCount: number
}

/**
 * Files of workspaces. Paths are absolute. All throw WORKSPACE_NOT_FOUND, FILE_NOT_FOUND, and what the engine throws; what takes a program inside
 * throws WORKSPACE_NOT_RUNNING for a workspace that is stopped, and FILE_REFUSED with what that program said.
 */
export interface Files {
  /** Throws NOT_A_FOLDER. */
  list(workspace: string, path: string, signal?: AbortSignal): Promise<FileListing>
  /** Follows links. */
  stat(workspace: string, path: string): Promise<FileInfo>
  /** Throws NOT_A_FILE. */
  preview(workspace: string, path: string, signal?: AbortSignal): Promise<FilePreview>
  /** Throws FILE_EXISTS. */
  makeFolder(workspace: string, path: string): Promise<{ path: string }>
  /** Throws FILE_EXISTS. */
  rename(workspace: string, path: string, newPath: string): Promise<{ path: string }>
  /** A folder with all in it. */
  delete(workspace: string, path: string): Promise<{ path: string }>
  /** A folder comes as a tar, and so does a file if that is asked for. */
  download(workspace: string, path: string, options: { archive: boolean }, signal: AbortSignal): Promise<Download>
  /** Throws FILE_EXISTS, NOT_A_FILE where a folder is, INPUT_INVALID for another size, DISK_FULL, CANCELLED. */
  upload(workspace: string, options: UploadOptions, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<UploadResult>
  /** Unpacks a tar. Throws NOT_A_FOLDER, ARCHIVE_INVALID, DISK_FULL, CANCELLED. */
  unpack(workspace: string, folder: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<UploadResult>
  /** The bytes then come over a channel. */
  openUpload(input: z.output<typeof uploadSchema>): { streamId: string }
  /** Whether there is such an upload, and nobody has it yet. */
  isOpen(streamId: string): boolean
  /** Throws SESSION_NOT_FOUND. */
  attach(streamId: string, channel: StreamChannel): void
  /** An id that fetches it once, within half a minute. */
  openDownload(workspace: string, path: string): Promise<{ id: string }>
  /** null when there is none of that id. */
  takeDownload(id: string, signal: AbortSignal): Promise<Download> | null
  closeAll(): void
}

interface FilesOptions {
  /** Where that workspace is. */
  machineOf: (workspaceId: string) => Machine
  /** Throws WORKSPACE_NOT_FOUND. `container` is null for one that has none. */
  resolveWorkspace: (reference: string) => Omit<FilesWorkspace, 'containerId' | 'running'> & {
    container: { containerId: string; running: boolean } | null
  }
}

export function createFiles({ machineOf, resolveWorkspace }: FilesOptions): Files {
  const uploads = createTickets<z.output<typeof uploadSchema>>('upload')
  const downloads = createTickets<{ workspace: string; path: string }>('download')
  const closed = new AbortController()

  function reach(reference: string): FilesWorkspace {
    const { container, ...workspace } = resolveWorkspace(reference)
    if (container === null) throw notRunning(workspace.name, workspace.status, 'Files can be opened')
    return { ...workspace, ...container }
  }

  function reachRunning(reference: string, what: string): FilesWorkspace {
    const workspace = reach(reference)
    if (!workspace.running) throw notRunning(workspace.name, workspace.status, what)
    return workspace
  }

  /** null when there is nothing; a link is followed, and is a link only if it leads nowhere. */
  async function look({ id, containerId }: FilesWorkspace, path: string): Promise<FileInfo | null> {
    const { containers } = machineOf(id)
    const own = await containers.fileStatus(containerId, path)
    if (own === null) return null
    const target = own.kind === 'link' && own.linkTarget !== '' ? await containers.fileStatus(containerId, own.linkTarget) : null
    const { kind, size, mode, modifiedAt } = target ?? own
    return { path: target === null ? path : normalizePath(own.linkTarget), kind, size, mode, modifiedAt: modifiedAt.toISOString() }
  }

  async function stat(workspace: FilesWorkspace, path: string): Promise<FileInfo> {
    const found = await look(workspace, path)
    if (found === null) throw fileNotFound({ workspace: workspace.name, path })
    return found
  }

  async function assertFree(workspace: FilesWorkspace, path: string): Promise<void> {
    if (await isThere(workspace, path)) throw fileExists({ workspace: workspace.name, path })
  }

  async function assertThere(workspace: FilesWorkspace, path: string): Promise<void> {
    if (!(await isThere(workspace, path))) throw fileNotFound({ workspace: workspace.name, path })
  }

  async function assertFolder(workspace: FilesWorkspace, path: string): Promise<string> {
    const found = await stat(workspace, path)
    if (found.kind !== 'folder') throw notAFolder({ workspace: workspace.name, path })
    return found.path
  }

  /** A link that leads nowhere is there. */
  const isThere = async ({ id, containerId }: FilesWorkspace, path: string) =>
    (await machineOf(id).containers.fileStatus(containerId, path)) !== null

  async function change(workspace: FilesWorkspace, path: string, what: string, command: string[]): Promise<void> {
    const { exitCode, stderr } = await runInside(machineOf(workspace.id), workspace, command, { timeoutMs: LONG_TIMEOUT_MS })
    if (exitCode === 0) return
    const folder = await look(workspace, folderOf(path))
    if (folder === null) throw fileNotFound({ workspace: workspace.name, path: folderOf(path) })
    throw refused({ workspace: workspace.name, path }, what, stderr.toString('utf8'))
  }

  async function download(reference: string, given: string, { archive }: { archive: boolean }, signal: AbortSignal): Promise<Download> {
    const workspace = reach(reference)
    const path = normalizePath(given)
    const { path: at, kind } = await stat(workspace, path)
    const machine = machineOf(workspace.id)
    const either = AbortSignal.any([signal, closed.signal])
    // The name is that of the link which led there.
    const name = nameOf(path) || workspace.name
    if (kind === 'folder' || archive) return { ...(await openArchive(machine, workspace, at, either)), name: `${name}.tar` }
    if (kind !== 'file') throw notAFile({ workspace: workspace.name, path })
    return { ...(await openFile(machine, workspace, at, either)), name }
  }

  async function upload(
    reference: string,
    options: UploadOptions,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<UploadResult> {
    const workspace = reach(reference)
    const path = normalizePath(options.path)
    const there = await look(workspace, path)
    const located = { workspace: workspace.name, path }
    if (there?.kind === 'folder' || path === '/') throw notAFile(located)
    if (there !== null && !options.replace) throw fileExists(located)
    await assertFolder(workspace, folderOf(there?.path ?? path))
    const file = {
      path: there?.path ?? path,
      size: options.size,
      mode: options.mode ?? (there?.kind === 'file' ? there.mode : NEW_FILE_MODE),
      modifiedAt: options.modifiedAt === undefined ? new Date() : new Date(options.modifiedAt),
      replace: options.replace,
    }
    const either = AbortSignal.any([signal, closed.signal])
    return resultOf(path, await writeFile(machineOf(workspace.id), workspace, file, chunks, either))
  }

  return {
    async list(reference, given, signal) {
      const workspace = reachRunning(reference, 'Folders can be listed')
      const path = normalizePath(given)
      const located = { workspace: workspace.name, path }
      const { stdout, stderr, truncated } = await runInside(machineOf(workspace.id), workspace, listCommand(path), {
        signal,
        maxBytes: LISTING_BYTES,
      })
      const { kind, ...listing } = parseListing(stdout, truncated)
      if (kind === null)
        throw stderr.includes('Permission denied') ? refused(located, 'list', stderr.toString('utf8')) : fileNotFound(located)
      if (kind !== 'folder') throw notAFolder(located)
      if (listing.entries.length === 0 && stderr.length > 0) throw refused(located, 'list', stderr.toString('utf8'))
      return { path, ...listing }
    },
    stat: (reference, path) => stat(reach(reference), normalizePath(path)),
    async preview(reference, path, signal = new AbortController().signal) {
      const workspace = reach(reference)
      const found = await stat(workspace, normalizePath(path))
      if (found.kind !== 'file') throw notAFile({ workspace: workspace.name, path })
      return previewFile(machineOf(workspace.id), workspace, found.path, signal)
    },
    async makeFolder(reference, given) {
      const workspace = reachRunning(reference, 'Folders can be created')
      const path = normalizePath(given)
      await assertFree(workspace, path)
      await change(workspace, path, 'create', ['mkdir', '--', path])
      return { path }
    },
    async rename(reference, given, givenNew) {
      const workspace = reachRunning(reference, 'Files can be renamed')
      const [path, newPath] = [normalizePath(given), normalizePath(givenNew)]
      assertNotRoot(workspace, path, 'rename')
      await assertThere(workspace, path)
      await assertFree(workspace, newPath)
      await change(workspace, newPath, 'rename it to', ['mv', '--no-target-directory', '--no-clobber', '--', path, newPath])
      return { path: newPath }
    },
    async delete(reference, given) {
      const workspace = reachRunning(reference, 'Files can be deleted')
      const path = normalizePath(given)
      assertNotRoot(workspace, path, 'delete')
      await assertThere(workspace, path)
      await change(workspace, path, 'delete', ['rm', '-rf', '--', path])
      return { path }
    },
    download,
    upload,
    async unpack(reference, given, chunks, signal) {
      const workspace = reach(reference)
      const path = await assertFolder(workspace, normalizePath(given))
      const either = AbortSignal.any([signal, closed.signal])
      return resultOf(path, await writeArchive(machineOf(workspace.id), workspace, path, chunks, either))
    },
    openUpload(input) {
      reach(input.workspace)
      return { streamId: uploads.open(input) }
    },
    isOpen: uploads.has,
    attach(streamId, channel) {
      const { workspace, ...options } = uploads.take(streamId)
      serveUpload(channel, (chunks, signal) => upload(workspace, options, chunks, signal))
    },
    async openDownload(reference, path) {
      await stat(reach(reference), normalizePath(path))
      return { id: downloads.open({ workspace: reference, path }) }
    },
    takeDownload(id, signal) {
      if (!downloads.has(id)) return null
      const { workspace, path } = downloads.take(id)
      return download(workspace, path, { archive: false }, signal)
    },
    closeAll() {
      closed.abort()
      uploads.close()
      downloads.close()
    },
  }
}

/** Without these there is no workspace. */
function assertNotRoot({ name, home }: FilesWorkspace, path: string, what: string): void {
  if (isWithin(home, path)) throw refused({ workspace: name, path }, what, 'Berth: the workspace needs it')
}

function resultOf(path: string, { fileCount, bytes, skipped, skippedCount }: Incoming): UploadResult {
  return { path, files: fileCount, bytes, skipped, skippedCount }
}
