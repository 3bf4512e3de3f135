import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { BerthError } from '../../shared/errors'

/** Writes the whole file or nothing, and returns when it is on the disk. Readable by its owner only. Throws DISK_FULL. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, fsync: true })
  } catch (error) {
    throw writeError(error, path)
  }
}

/** DISK_FULL for a disk that is full, or whose share for this user is; anything else as it is. */
export function writeError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))) return error
  return new BerthError(
    'DISK_FULL',
    `Berth could not write ${path}: the disk is full.`,
    { where: path, next: 'Free disk space, then try again.' },
    { cause: error },
  )
}

/** Makes the folder if it is missing, and its owner the only one who can look into it. */
export async function ensurePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (process.platform !== 'win32') await chmod(path, 0o700)
}
