import type { Workspace } from './workspace'

/** Where the repository of a workspace is, inside. */
export const REPO_PATH = '/home/workspace/repo'

/** `host` is of a host workspace only. */
type Opened = Pick<Workspace, 'repoState' | 'folder'> & { host?: { folder: string } | null }

/** Where a workspace opens: the folder that was chosen in its repository, or else the repository; null while there is none. */
export function repoFolder({ repoState, folder, host }: Opened): string | null {
  if (repoState !== 'cloned') return null
  const segments = folder === null ? [] : folder.split('/').filter((segment) => segment !== '' && segment !== '.')
  return [host ? `${host.folder}/repo` : REPO_PATH, ...segments].join('/')
}
