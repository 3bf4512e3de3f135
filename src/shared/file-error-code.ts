import { isBerthError } from './errors'

/** The code of a failure of the file system, such as ENOENT; null for anything else. */
export function fileErrorCode(error: unknown): string | null {
  return error instanceof Error && !isBerthError(error) && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** Whether it failed because nothing is there. */
export function isMissing(error: unknown): boolean {
  const code = fileErrorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}
