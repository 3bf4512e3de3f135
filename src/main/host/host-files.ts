import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, type Stats } from 'node:fs'
import { lstat, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { BerthError } from '../../shared/errors'
import { fileErrorCode, isMissing } from '../../shared/file-error-code'
import type { ContainerFileStatus, ContainerFiles } from '../engine/container-files'
import { complaintsOn } from './complaints'

/** Files of this machine, as the user that Berth runs as may reach them: the id of a container means nothing here. */
export const hostFiles: ContainerFiles = {
  fileSize: async (_id, path) => (await statusOf(path))?.size ?? null,
  fileStatus: (_id, path) => statusOf(path),
  async readFile(_id, path, signal) {
    const found = await statsOf(path)
    return found?.isFile() ? (createReadStream(path, { signal }) as AsyncIterable<Buffer>) : null
  },
  readArchive: (_id, path, signal) => readTar(path, signal),
  writeArchive: (_id, folder, archive, signal) => unpackTar(folder, archive, signal),
}

async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw refused(path, fileErrorCode(error) ?? '', error)
  }
}

async function statusOf(path: string): Promise<ContainerFileStatus | null> {
  const found = await statsOf(path)
  if (found === null) return null
  const linkTarget = found.isSymbolicLink() ? await targetOf(path) : ''
  return { kind: kindOf(found), size: found.size, mode: found.mode & 0o7777, modifiedAt: found.mtime, linkTarget }
}

/** Where it leads in the end; of one that leads nowhere, where it points. */
async function targetOf(link: string): Promise<string> {
  try {
    return await realpath(link)
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(fileErrorCode(error) ?? '')) throw error
    return resolve(dirname(link), await readlink(link))
  }
}

function kindOf(stats: Stats): ContainerFileStatus['kind'] {
  if (stats.isDirectory()) return 'folder'
  if (stats.isSymbolicLink()) return 'link'
  return stats.isFile() ? 'file' : 'other'
}

/** By this machine's tar, which knows sparse files and hard links. Sockets are left out, as the engine leaves them out. */
async function readTar(path: string, signal: AbortSignal): Promise<Readable | null> {
  if ((await statsOf(path)) === null) return null
  const [folder, name] = path === '/' ? ['/', '.'] : [dirname(path), basename(path)]
  const child = spawn('tar', ['--create', '--file=-', '--format=pax', `--directory=${folder}`, '--', name], {
    ...{ signal, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...process.env, LC_ALL: 'C' },
  })
  const said = complaintsOn(child.stderr)
  // What ends it early, ends it with its output.
  child.once('error', (error) => child.stdout.destroy(error))
  child.once('close', (code) => {
    // 1: a file changed while it was read; that is in the nature of a folder that is in use.
    if (code !== 0 && code !== 1) child.stdout.destroy(refused(path, said() || 'tar failed'))
  })
  return child.stdout
}

/** Names with `..`, absolute ones and those behind links that lead out are refused by tar itself. */
async function unpackTar(folder: string, archive: Readable, signal: AbortSignal): Promise<void> {
  const child = spawn('tar', ['--extract', '--file=-', `--directory=${folder}`, '--no-same-owner', '--preserve-permissions'], {
    ...{ signal, stdio: ['pipe', 'ignore', 'pipe'] },
    env: { ...process.env, LC_ALL: 'C' },
  })
  const said = complaintsOn(child.stderr)
  const closed = once(child, 'close') as Promise<[number | null]>
  closed.catch(() => undefined)
  const fed = await Promise.allSettled([pipeline(archive, child.stdin)])
  const [code] = await closed
  if (code !== 0) throw refused(folder, said() || 'tar failed')
  for (const result of fed) if (result.status === 'rejected') throw result.reason
}

function refused(path: string, reason: string, cause?: unknown): BerthError {
  return new BerthError(
    'FILE_UNUSABLE',
    `${path} cannot be used: ${reason}.`,
    { file: path, reason, next: 'Check its permissions.' },
    { cause },
  )
}
