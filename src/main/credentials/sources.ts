import { join, relative } from 'node:path'
import { codingAgentsOf } from '../../shared/coding-agents'
import type { Settings } from '../../shared/contract/settings'
import { HOME_FOLDER, joinPath } from '../../shared/files/file-path'
import { expandHome } from '../../shared/host-path'
import { parseSyncPath } from '../../shared/sync-path'
import type { WorkspaceRecord } from '../settings/records'

/** A file or folder of this machine that a workspace is to have. */
export interface SyncSource {
  /** Absolute. */
  host: string
  /** Absolute and normalized; null if no target was given. */
  inside: string | null
  /** That it is missing is no news. */
  isOptional: boolean
  /** Only its owner can read it, whatever its mode on this machine. */
  isSecret: boolean
  /**
   * A folder (without links) that no link in it can lead out of: files from others must not choose which files of this machine are copied.
   */
  confinedTo?: string
}

const GIT_FILES = ['.gitconfig', '.config/git/config', '.config/git/ignore']

type SharedSources = Pick<Settings, 'syncGitConfig' | 'syncFiles' | 'syncSshKeys' | 'codingAgents'>

/** For a workspace that has nothing of what others share. */
export const NOTHING_SHARED: SharedSources = { syncGitConfig: false, syncFiles: [], syncSshKeys: [], codingAgents: [] }

/** Everything that is to be copied from this machine; of two for the same place the later one counts. The workspace’s own come last. */
export function sourcesOf(
  settings: SharedSources,
  record: Pick<WorkspaceRecord, 'syncFiles' | 'syncSshKeys'>,
  userHome: string,
): SyncSource[] {
  const samePlace = (path: string, isSecret: boolean): SyncSource => ({
    ...{ host: join(userHome, path), inside: joinPath(HOME_FOLDER, path) },
    ...{ isOptional: true, isSecret },
  })
  const chosen = (given: string): SyncSource => {
    const { host, inside } = parseSyncPath(given)
    const path = expandHome(host, userHome)
    return { host: path, inside: inside ?? placeOf(path, userHome), isOptional: false, isSecret: false }
  }
  const sshKey = (given: string): SyncSource[] => {
    const host = expandHome(given, userHome)
    const inside = joinPath(HOME_FOLDER, `.ssh/${host.slice(host.lastIndexOf('/') + 1)}`)
    return [
      { host, inside, isOptional: false, isSecret: true },
      { host: `${host}.pub`, inside: `${inside}.pub`, isOptional: true, isSecret: false },
    ]
  }
  return [
    ...(settings.syncGitConfig ? GIT_FILES.map((path) => samePlace(path, false)) : []),
    ...codingAgentsOf(settings.codingAgents).flatMap(({ files }) => files.map((path) => samePlace(path, true))),
    ...[...settings.syncSshKeys, ...record.syncSshKeys].flatMap(sshKey),
    ...[...settings.syncFiles, ...record.syncFiles].map(chosen),
  ]
}

/** The same place below the home folder; null for what is not below the user’s. */
function placeOf(path: string, userHome: string): string | null {
  const below = relative(userHome, path)
  return below === '' || below.startsWith('..') || below.startsWith('/') ? null : joinPath(HOME_FOLDER, below.replaceAll('\\', '/'))
}
