import { fileNameProblem } from './file-path'

const LONGEST_ENTRY_PATH = 4096

/**
 * The parts of an archive entry's path; none for the folder itself (`./`). null for a path that could lead out of the folder that the archive
 * is unpacked into, or that no file can have: archives come from programs that are not trusted.
 */
export function entryPath(path: string): string[] | null {
  if (path.startsWith('/') || path.length > LONGEST_ENTRY_PATH) return null
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.every((part) => fileNameProblem(part) === null) ? parts : null
}
