import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import tar from 'tar-stream'

/** A folder as a tar stream: what the engine builds from. Owners and times are left out, so that the same content is the same tar. */
export function contextTar(folder: string): Readable {
  const pack = tar.pack()
  addFolder(pack, folder, '').then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  )
  return Readable.from(pack)
}

/** SHA-256 of that tar, in hex: other content, another digest. */
export async function contextDigest(folder: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of contextTar(folder)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

async function addFolder(pack: tar.Pack, folder: string, prefix: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    const name = prefix + entry.name
    if (entry.isDirectory()) await addFolder(pack, path, `${name}/`)
    else await addFile(pack, path, name)
  }
}

async function addFile(pack: tar.Pack, path: string, name: string): Promise<void> {
  const [content, { mode }] = await Promise.all([readFile(path), stat(path)])
  await new Promise<void>((resolve, reject) => {
    // Called back once the reader has taken it.
    pack.entry({ name, mode: mode & 0o111 ? 0o755 : 0o644, mtime: new Date(0) }, content, (error) => (error ? reject(error) : resolve()))
  })
}
