import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { formatBytes } from '../../shared/byte-size'
import { BerthError } from '../../shared/errors'
import { fileErrorCode } from '../../shared/file-error-code'
import { expandHome } from '../../shared/host-path'
import type { Script } from './run-script'

const MAX_BYTES = 1024 * 1024
/** In all folders together. */
const MAX_SCRIPTS = 256

/** Scripts of the user's machine, and in words what of them could not be read. */
export interface HostScripts {
  scripts: Script[]
  problems: string[]
}

/** One script of the user's machine. Throws FILE_UNUSABLE. */
export async function readHostScript(path: string, userHome: string): Promise<Script> {
  const { scripts, problems } = await readHostScripts([path], userHome, { folders: false })
  const [script] = scripts
  if (script) return script
  throw new BerthError('FILE_UNUSABLE', problems[0] ?? `${path} contains no script.`, {
    file: path,
    reason: 'it cannot be read',
    next: 'Check the path in the settings, then try again.',
  })
}

/** Files as they are given; of folders all files, sorted by name, without those that begin with a dot and what is in folders below. */
export async function readHostScripts(paths: readonly string[], userHome: string, { folders } = { folders: true }): Promise<HostScripts> {
  const scripts: Script[] = []
  const problems: string[] = []
  const read = async (path: string) => {
    try {
      scripts.push(await readScript(path))
    } catch (error) {
      problems.push(`${path} ${reasonOf(error)}.`)
    }
  }
  for (const given of paths) {
    const path = expandHome(given, userHome)
    const files = folders ? await filesIn(path) : null
    for (const file of files ?? [path]) await read(file)
  }
  if (scripts.length > MAX_SCRIPTS) problems.push(`There are more than ${MAX_SCRIPTS} scripts; the others were left out.`)
  return { scripts: scripts.slice(0, MAX_SCRIPTS), problems }
}

/** null for what is no folder, or cannot be read: reading it as a file tells why. */
async function filesIn(folder: string): Promise<string[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    return files.map(({ name }) => join(folder, name)).sort()
  } catch (error) {
    if (fileErrorCode(error) === null) throw error
    return null
  }
}

async function readScript(path: string): Promise<Script> {
  const found = await stat(path)
  if (found.isDirectory()) throw new NoScript('is a folder')
  if (!found.isFile()) throw new NoScript('is not a file')
  if (found.size > MAX_BYTES) throw new NoScript(`is larger than ${formatBytes(MAX_BYTES)}`)
  return { name: basename(path), content: await readFile(path) }
}

class NoScript extends Error {}

/** What cannot be read is the user's to know of, in words. */
function reasonOf(error: unknown): string {
  if (error instanceof NoScript) return error.message
  const code = fileErrorCode(error)
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist'
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied'
    default:
      if (code === null) throw error
      return `cannot be read: ${code}`
  }
}
