import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { type DistroId, dockerfileOf } from '../../shared/distros'

/** The folder with a Dockerfile for each distribution, in the bundled one. */
const DISTROS_FOLDER = 'distros/'

/**
 * The bundled folder as a tar stream: what the engine builds the image of a distribution from. Other distributions' Dockerfiles are left out, and so
 * are owners and times, so that the same content is the same tar.
 */
export function contextTar(folder: string, distro: DistroId): Readable {
  const pack = tar.pack()
  const add = async () => {
    for await (const { content, ...header } of contextFiles(folder, distro)) {
      await new Promise<void>((resolve, reject) => {
        // Called back once the reader has taken it.
        pack.entry({ ...header, mtime: new Date(0) }, content, (error) => (error ? reject(error) : resolve()))
      })
    }
  }
  add().then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  )
  return Readable.from(pack)
}

/** SHA-256, in hex, of what the image of the distribution is built from: other content, another digest. */
export async function contextDigest(folder: string, distro: DistroId): Promise<string> {
  const hash = createHash('sha256')
  for await (const { name, mode, content } of contextFiles(folder, distro)) {
    hash.update(`${name}\0${mode}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

interface ContextFile {
  name: string
  mode: number
  content: Buffer
}

async function* contextFiles(folder: string, distro: DistroId, prefix = ''): AsyncGenerator<ContextFile> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true })
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const name = prefix + entry.name
    if (entry.isDirectory()) yield* contextFiles(folder, distro, `${name}/`)
    else if (prefix !== DISTROS_FOLDER || name === dockerfileOf(distro)) {
      const [content, { mode }] = await Promise.all([readFile(join(folder, name)), stat(join(folder, name))])
      yield { name, mode: mode & 0o111 ? 0o755 : 0o644, content }
    }
  }
}
