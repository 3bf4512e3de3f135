import type { Readable } from 'node:stream'
import tar from 'tar-stream'
import { z } from 'zod'
import { type EngineConnection, request } from './connection'
import { nullIfMissing } from './engine-errors'

/** Files in a container that Berth reads, whether it runs or not. */
export interface ContainerFiles {
  /** Its size in bytes; null when there is no such file. */
  fileSize(id: string, path: string): Promise<number | null>
  /** Its bytes as they were when it was opened, read as fast as the caller takes them; null when there is no such file. */
  readFile(id: string, path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer> | null>
}

const statSchema = z.object({ size: z.number().int().nonnegative() })
const headSchema = z.object({ headers: z.object({ 'x-docker-container-path-stat': z.string() }) })

export function createContainerFiles(connection: EngineConnection): ContainerFiles {
  return {
    fileSize: (id, path) =>
      request(connection, `look at ${path} in the container`, async (docker) => {
        const head = await nullIfMissing(docker.getContainer(id).infoArchive({ path }))
        if (head === null) return null
        const encoded = headSchema.parse(head).headers['x-docker-container-path-stat']
        return statSchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))).size
      }),
    readFile: (id, path, signal) =>
      request(connection, `read ${path} in the container`, async (docker) => {
        const archive = await nullIfMissing(docker.getContainer(id).getArchive({ path, abortSignal: signal }))
        return archive === null ? null : onlyFile(archive as Readable)
      }),
  }
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
