import { lstat } from 'node:fs/promises'
import { isMissing } from '../../shared/file-error-code'

/**
 * Identity of the folder at that path, for comparing and storing: another folder that takes its place has another number or birth time.
 * null if there is none; links do not count.
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
