import { HOME_FOLDER, isWithin } from '../../shared/files/file-path'

/**
 * What a workspace should have at a path, which is absolute, normalized and below the home folder. Everything belongs to the user
 * `workspace`.
 */
export type PlannedEntry = PlannedFile | PlannedLink | PlannedFolder

export interface PlannedFile {
  kind: 'file'
  path: string
  /** Permissions. */
  mode: number
  size: number
  modifiedAt: Date
  /** Changes whenever the file changes on this machine; says nothing else. */
  stamp: string
  source: { host: string } | { content: Buffer }
}

export interface PlannedLink {
  kind: 'link'
  path: string
  target: string
  modifiedAt: Date
  stamp: string
}

export interface PlannedFolder {
  kind: 'folder'
  path: string
  mode: number
  modifiedAt: Date
}

const SSH_FOLDER = `${HOME_FOLDER}/.ssh`
/** Programs refuse what is in them when others could reach it. */
const PRIVATE_FOLDERS = [SSH_FOLDER, `${HOME_FOLDER}/.gnupg`]

/** What belongs to ssh has the modes that ssh asks for; everything else keeps those it has on this machine. */
export function fileMode(path: string, hostMode: number, isSecret: boolean): number {
  if (isSecret) return 0o600
  if (!isWithin(path, SSH_FOLDER)) return hostMode & 0o777
  return path.endsWith('.pub') ? 0o644 : 0o600
}

/** The user can always write to it: what follows later has to find its way in. */
export function folderMode(path: string, hostMode = 0o755): number {
  return PRIVATE_FOLDERS.some((folder) => isWithin(path, folder)) ? 0o700 : (hostMode & 0o777) | 0o700
}
