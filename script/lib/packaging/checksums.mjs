import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** SHA256SUMS of all files in the folder, as “sha256sum --check” reads it. */
export async function writeSums(folder) {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS' && !entry.name.startsWith('.'))
    .map(({ name }) => name)
  const lines = await Promise.all(names.sort().map(async (name) => `${await sha256(join(folder, name))}  ${name}\n`))
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''))
}

async function sha256(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

export const megabytes = (bytes) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`
