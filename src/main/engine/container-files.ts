import type { Readable } from 'node:stream'
import tar from 'tar-stream'
import { z } from 'zod'
import type { FileKind } from '../../shared/contract/files'
import { isBerthError } from '../../shared/errors'
import { folderOf } from '../../shared/files/file-path'
import { type EngineConnection, request } from './connection'
import { nullIfMissing } from './engine-errors'

/** Files in a container, whether it runs or not. Paths are followed inside the container only; what a running one has mounted itself is not seen. */
export interface ContainerFiles {
  /** Its size in bytes; null if the file does not exist. */
  fileSize(id: string, path: string): Promise<number | null>
  /** null when there is nothing. Of a link, what it is itself. */
  fileStatus(id: string, path: string): Promise<ContainerFileStatus | null>
  /** Its bytes as they were when it was opened, read as fast as the caller takes them; null if the file does not exist. */
  readFile(id: string, path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer> | null>
  /** A tar of the file, or of the folder with all in it, below the last part of the path; null when there is nothing. */
  readArchive(id: string, path: string, signal: AbortSignal): Promise<Readable | null>
  /** Unpacks a tar into an existing folder, with its owners, modes and times. No folder is replaced by a file. */
  writeArchive(id: string, folder: string, archive: Readable, signal: AbortSignal): Promise<void>
}

export interface ContainerFileStatus {
  kind: FileKind
  size: number
  /** Permissions, with the bits for setuid, setgid and sticky. */
  mode: number
  modifiedAt: Date
  /** Of a link: the path that it leads to in the end. */
  linkTarget: string
}

const statusSchema = z.object({
  size: z.number().int().nonnegative(),
  mode: z.number().int().nonnegative(),
  mtime: z.coerce.date(),
  linkTarget: z.string(),
})
const headSchema = z.object({ headers: z.object({ 'x-docker-container-path-stat': z.string() }) })

export function createContainerFiles(connection: EngineConnection): ContainerFiles {
  const askForStatus = (id: string, path: string): Promise<ContainerFileStatus | null> =>
    request(connection, `look at ${path} in the container`, async (docker) => {
      const head = await nullIfMissing(docker.getContainer(id).infoArchive({ path }))
      if (head === null) return null
      const encoded = headSchema.parse(head).headers['x-docker-container-path-stat']
      const { mode, size, mtime, linkTarget } = statusSchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')))
      return { kind: kindOf(mode), size, mode: permissionsOf(mode), modifiedAt: mtime, linkTarget }
    })
  async function fileStatus(id: string, path: string): Promise<ContainerFileStatus | null> {
    try {
      return await askForStatus(id, path)
    } catch (error) {
      // A path through a file is not a 404 for the engine.
      if (path === '/' || !isBerthError(error, 'ENGINE_REFUSED')) throw error
      const above = await fileStatus(id, folderOf(path))
      if (above === null || above.kind === 'file' || above.kind === 'other') return null
      throw error
    }
  }
  const readArchive = (id: string, path: string, signal: AbortSignal) =>
    request(connection, `read ${path} in the container`, async (docker) => {
      const archive = await nullIfMissing(docker.getContainer(id).getArchive({ path, abortSignal: signal }))
      return archive as Readable | null
    })
  return {
    fileSize: async (id, path) => (await fileStatus(id, path))?.size ?? null,
    fileStatus,
    async readFile(id, path, signal) {
      const archive = await readArchive(id, path, signal)
      return archive === null ? null : onlyFile(archive)
    },
    readArchive,
    writeArchive: (id, folder, archive, signal) =>
      request(
        connection,
        `write to ${folder} in the container`,
        async (docker) => {
          await docker.getContainer(id).putArchive(archive, { path: folder, noOverwriteDirNonDir: 'true', abortSignal: signal })
        },
        'long',
      ),
  }
}

/** Bits of Go's `FileMode`, which are not those of Unix. */
const GO = {
  folder: 2 ** 31,
  link: 2 ** 27,
  others: 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19,
  setuid: 2 ** 23,
  setgid: 2 ** 22,
  sticky: 2 ** 20,
}
const has = (mode: number, bits: number) => (BigInt(mode) & BigInt(bits)) !== 0n

function kindOf(mode: number): FileKind {
  if (has(mode, GO.folder)) return 'folder'
  if (has(mode, GO.link)) return 'link'
  return has(mode, GO.others) ? 'other' : 'file'
}

function permissionsOf(mode: number): number {
  const special = (has(mode, GO.setuid) ? 0o4000 : 0) | (has(mode, GO.setgid) ? 0o2000 : 0) | (has(mode, GO.sticky) ? 0o1000 : 0)
  return special | (mode % 0o1000)
}

async function* onlyFile(archive: Readable): AsyncGenerator<Buffer> {
  const extract = tar.extract()
  archive.on('error', (error) => extract.destroy(error))
  archive.pipe(extract)
  try {
    for await (const entry of extract) {
      if (entry.header.type === 'file') yield* entry as AsyncIterable<Buffer>
      else entry.resume()
    }
  } finally {
    archive.destroy()
    extract.destroy()
  }
}
