import { lstat } from 'node:fs/promises'
import { isMissing } from '../../shared/file-error-code'

/**
 * Which folder is at that path, in a form that is compared and kept: another one that takes its place later has another number or another birth. null when
 * there is none; a link is none.
 */
export async function folderIdentity(path: string): Promise<string | null> {
  try {
    const { dev, ino, birthtimeNs, mode } = await lstat(path, { bigint: true })
    return (mode & 0o170000n) === 0o040000n ? `${dev}:${ino}:${birthtimeNs}` : null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
