import { BerthError } from '../../../shared/errors'

/** An error of Node's about a file. */
export function isFileError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error && (code === undefined || error.code === code)
}

const REASONS: Record<string, string> = {
  ENOENT: 'the file or folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'your user has no permission to use it',
  EPERM: 'your user has no permission to use it',
  EROFS: 'the disk is read-only',
  EFBIG: 'the disk does not support files of that size',
  ENAMETOOLONG: 'the name is too long',
}

/** What Node throws about a file of this machine as a typed error; anything else as it is. */
export function fileError(error: unknown, file: string): unknown {
  if (!isFileError(error)) return error
  const code = error.code ?? ''
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const next = 'Free space there, or choose another folder.'
    return new BerthError('DISK_FULL', `There is not enough space for ${file} on this machine.`, { where: file, next }, { cause: error })
  }
  const reason = REASONS[code] ?? error.message
  return new BerthError(
    'FILE_UNUSABLE',
    `${file} cannot be used: ${reason}.`,
    { file, reason, next: 'Choose another file or folder.' },
    { cause: error },
  )
}

/** FILE_UNUSABLE for what is no regular file. */
export function notRegular(file: string): BerthError {
  const reason = 'it is not a regular file'
  return new BerthError('FILE_UNUSABLE', `${file} cannot be used: ${reason}.`, { file, reason, next: 'Choose another file or folder.' })
}
