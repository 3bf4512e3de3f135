import { HOME_FOLDER, joinPath, normalizePath } from '../../../shared/files/file-path'
import { usageError } from '../../cli-error'

/** One end of a copy, as it was typed. */
export type Location =
  | { kind: 'local'; path: string }
  /** Standard input or output. */
  | { kind: 'stream' }
  | {
      kind: 'workspace'
      workspace: string
      path: string
      /** It was given from the home folder on; a host workspace has another one. */
      isFromHome: boolean
      /** It ends with a slash: only a folder is meant. */
      isFolder: boolean
      /** It ends with “/.”: what is in the folder is meant, without the folder. */
      isContent: boolean
    }

/** `WS:PATH`, where PATH starts from the home folder unless it begins with a slash. A colon after a slash belongs to a file of this machine. */
export function parseLocation(text: string): Location {
  if (text === '') throw usageError('A path is missing.', 'See “berth cp --help”.')
  if (text === '-') return { kind: 'stream' }
  const colon = text.indexOf(':')
  const slash = text.indexOf('/')
  if (colon <= 0 || (slash !== -1 && slash < colon) || text.startsWith('.')) return { kind: 'local', path: text }
  const [workspace, path] = [text.slice(0, colon), text.slice(colon + 1)]
  if (path.includes('\0')) throw usageError('A path cannot contain a NUL.')
  const fromHome = path === '~' || path.startsWith('~/') ? path.slice(2) : path
  return {
    kind: 'workspace',
    workspace,
    path: path.startsWith('/') ? normalizePath(path) : joinPath(HOME_FOLDER, fromHome),
    isFromHome: !path.startsWith('/'),
    isFolder: path === '' || path.endsWith('/'),
    isContent: isContentPath(path),
  }
}

export const isContentPath = (path: string) => path === '.' || path.endsWith('/.')

/** What there is at the target: null for nothing. */
export type Existing = 'file' | 'folder' | 'other' | null

/**
 * Where a source of that name goes, as with `cp -r`: into a folder that exists, under its own name; else it becomes the target. Throws USAGE.
 */
export function placeInTarget(
  source: { name: string; isFolder: boolean; isContent: boolean },
  target: { folder: string; name: string; text: string; isFolder: boolean },
  existing: Existing,
  join: (folder: string, name: string) => string,
): { folder: string; name: string } {
  const whole = join(target.folder, target.name)
  if (existing === 'folder') return source.isContent ? target : { folder: whole, name: source.name }
  if (source.isFolder && existing !== null) throw usageError(`${target.text} is a file; a folder cannot take its place.`)
  if (target.isFolder && existing !== null) throw usageError(`${target.text} is not a folder.`)
  if (target.isFolder && !source.isFolder)
    throw usageError(`There is no folder ${target.text}.`, 'Create it first, or leave out the slash.')
  return target
}
