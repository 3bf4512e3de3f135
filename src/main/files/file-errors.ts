import { BerthError } from '../../shared/errors'

/** A path in a workspace, by the workspace's name. */
export interface Located {
  workspace: string
  path: string
}

export function fileNotFound({ workspace, path }: Located): BerthError {
  return new BerthError('FILE_NOT_FOUND', `${path} does not exist in ${workspace}.`, {
    workspace,
    path,
    next: 'Check the path. Files that exist only in memory (/dev/shm, /proc) cannot be opened.',
  })
}

export function notAFolder({ workspace, path }: Located): BerthError {
  return new BerthError('NOT_A_FOLDER', `${path} in ${workspace} is not a folder.`, { workspace, path, next: 'Choose a folder.' })
}

export function notAFile({ workspace, path }: Located): BerthError {
  return new BerthError('NOT_A_FILE', `${path} in ${workspace} is not a file.`, { workspace, path, next: 'Choose a file.' })
}

export function fileExists({ workspace, path }: Located): BerthError {
  return new BerthError('FILE_EXISTS', `${path} already exists in ${workspace}.`, {
    file: path,
    next: 'Choose another name, or replace it.',
  })
}

export function notRunning(workspace: string, status: string, what: string): BerthError {
  return new BerthError('WORKSPACE_NOT_RUNNING', `${what} only while ${workspace} is running (its status is ${status}).`, {
    workspace,
    status,
    next: `Start ${workspace} first.`,
  })
}

export function badArchive(entry: string, reason: 'format' | 'path' | 'link', message: string): BerthError {
  return new BerthError('ARCHIVE_INVALID', message, { file: entry, reason, next: 'Create the archive again without such entries.' })
}

export function wrongSize({ workspace, path }: Located, expected: number): BerthError {
  const message = `${path} was not copied to ${workspace}: the upload did not have exactly ${expected} bytes.`
  return new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'size', message }],
    next: 'Try again while the file is not changing.',
  })
}

/** The kernel's own texts, which every program passes on unchanged: there is no code for a full disk. */
const FULL = ['No space left on device', 'Disk quota exceeded']

/** What a program inside complained of. `what` is what was tried: “delete the file”. */
export function refused({ workspace, path }: Located, what: string, complaint: string): BerthError {
  const [line = ''] = complaint.trim().split('\n', 1)
  // “mv: cannot move 'a' to 'b': Permission denied”
  const reason =
    line
      .slice(line.lastIndexOf(': ') + 1)
      .trim()
      .slice(0, 500) || 'the program failed without a message'
  if (FULL.some((text) => complaint.includes(text))) {
    return new BerthError('DISK_FULL', `Could not ${what} ${path} in ${workspace}: its disk is full.`, {
      where: workspace,
      next: 'Delete files in the workspace, or raise its disk limit, then try again.',
    })
  }
  return new BerthError('FILE_REFUSED', `Could not ${what} ${path} in ${workspace}: ${reason}.`, {
    workspace,
    path,
    reason,
    next: 'Files are accessed as the user “workspace”. As root, use “berth exec NAME --user root -- …”.',
  })
}
