import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import dockerignore, { type Ignore } from '@balena/dockerignore'
import tar from 'tar-stream'
import { formatBytes } from '../../shared/byte-size'
import { BerthError } from '../../shared/errors'

/** Where the Dockerfile is in the tar: it may be outside the context, or left out by `.dockerignore`. */
export const OWN_DOCKERFILE = '.berth.Dockerfile'

const MOST_BYTES = 20 * 1024 ** 3
const MOST_ENTRIES = 1_000_000
const MOST_DOCKERFILE_BYTES = 1024 * 1024

export interface OwnContext {
  stream: Readable
  /** Why the stream broke off, where reading the folder failed. */
  failure(): BerthError | null
}

/**
 * A folder of the user's as a tar stream. What `.dockerignore` names is left out; links are kept as links, so nothing outside the folder is read. Throws
 * FILE_UNUSABLE when there is no such folder or Dockerfile.
 */
export async function openOwnContext(folder: string, dockerfile: string): Promise<OwnContext> {
  const content = await readText(dockerfile, 'The Dockerfile does not exist')
  const root = await realFolder(folder)
  const ignored = await readIgnored(root)
  const pack = tar.pack()
  let failure: BerthError | null = null
  packAll(pack, root, content, ignored).catch((error: unknown) => {
    failure = toBerthError(error, root)
    pack.destroy(failure)
  })
  return { stream: Readable.from(pack), failure: () => failure }
}

interface Ignored {
  rules: Ignore
  /** Exclusion can be reverted by a later rule: files in an excluded folder may still be needed. */
  hasExceptions: boolean
}

async function readIgnored(root: string): Promise<Ignored> {
  const text = await readFile(join(root, '.dockerignore'), 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return ''
    throw toBerthError(error, join(root, '.dockerignore'))
  })
  const lines = text.split('\n').map((line) => line.trim())
  return { rules: dockerignore().add(lines), hasExceptions: lines.some((line) => line.startsWith('!')) }
}

async function packAll(pack: tar.Pack, root: string, dockerfile: string, ignored: Ignored): Promise<void> {
  pack.entry({ name: OWN_DOCKERFILE, mode: 0o644 }, dockerfile)
  const left = { entries: MOST_ENTRIES, bytes: MOST_BYTES }
  await addFolder('')
  pack.finalize()

  async function addFolder(prefix: string): Promise<void> {
    const entries = await readdir(join(root, prefix), { withFileTypes: true })
    for (const { name: last } of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) await addEntry(prefix + last)
  }

  async function addEntry(name: string): Promise<void> {
    const path = join(root, name)
    const details = await lstat(path)
    const isIgnored = ignored.rules.ignores(name)
    if (isIgnored && !(details.isDirectory() && ignored.hasExceptions)) return
    left.entries -= 1
    left.bytes -= details.isFile() ? details.size : 0
    if (left.entries < 0 || left.bytes < 0) throw tooLarge(root)
    const header = { name, mode: details.mode & 0o7777, mtime: details.mtime }
    if (details.isDirectory()) {
      if (!isIgnored) pack.entry({ ...header, type: 'directory' })
      await addFolder(`${name}/`)
    } else if (details.isSymbolicLink()) pack.entry({ ...header, type: 'symlink', linkname: await readlink(path) })
    // A file that grows in the meantime is cut at its earlier end.
    else if (details.isFile() && details.size > 0) {
      const entry = pack.entry({ ...header, size: details.size })
      await pipeline(createReadStream(path, { end: details.size - 1 }), entry)
    } else if (details.isFile()) pack.entry(header, '')
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder)
    if ((await lstat(root)).isDirectory()) return root
  } catch (error) {
    throw toBerthError(error, folder)
  }
  throw unusable(folder, 'it is not a folder')
}

async function readText(file: string, missing: string): Promise<string> {
  try {
    const details = await lstat(await realpath(file))
    if (!details.isFile()) throw unusable(file, 'it is not a file')
    if (details.size > MOST_DOCKERFILE_BYTES) throw unusable(file, 'it is too large')
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) throw unusable(file, missing)
    throw toBerthError(error, file)
  }
}

function tooLarge(root: string): BerthError {
  const message = `${root} is too large to build from: more than ${formatBytes(MOST_BYTES)}, or a million files.`
  return new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'context', message }],
    next: 'Exclude files that are not needed in .dockerignore.',
  })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function toBerthError(error: unknown, file: string): BerthError {
  if (error instanceof BerthError) return error
  return unusable(file, error instanceof Error ? error.message : String(error), error)
}

function unusable(file: string, reason: string, cause?: unknown): BerthError<'FILE_UNUSABLE'> {
  return new BerthError(
    'FILE_UNUSABLE',
    `Berth cannot build from ${file}: ${reason}.`,
    { file, reason, next: 'Check the path, then try again.' },
    { cause },
  )
}
