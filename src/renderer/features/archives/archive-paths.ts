import { workspaceNameProblem } from '../../../shared/workspace-name'
import { proposeCopyName } from '../../store/free-name'

/** What Berth calls the files it writes. */
const EXTENSION = '.berth'

/** Where BERTH_HOME is below a person's own folder (`berth-home-path.ts`), by system. */
const BELOW_OWN_FOLDER = ['/.config/berth', '/Library/Application Support/Berth', '\\AppData\\Roaming\\Berth']

/** The folder to propose before any was chosen: the person's own, where Berth's files tell which that is. */
export function ownFolder(berthHome: string): string {
  const below = BELOW_OWN_FOLDER.find((end) => berthHome.endsWith(end))
  return below === undefined ? berthHome : berthHome.slice(0, -below.length)
}

/** `/home/ada/api.berth`. */
export function archivePath(folder: string, name: string): string {
  return `${inFolder(folder)}${name}${EXTENSION}`
}

/** The folder with a separator at its end, ready for a name. */
export function inFolder(folder: string): string {
  const separator = separatorOf(folder)
  return folder.endsWith(separator) ? folder : `${folder}${separator}`
}

/** `/home/ada` of `/home/ada/api.berth`; null when it is not in any. */
export function folderOf(path: string): string | null {
  const end = path.lastIndexOf(separatorOf(path))
  if (end === -1) return null
  return path.slice(0, Math.max(end, 1))
}

/** Why it cannot be the whole path of a file; null when it can. */
export function filePathProblem(path: string): string | null {
  if (path === '') return 'Enter the path of the file.'
  if (!/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path)) return 'Enter the full path, starting at the root.'
  return /[\\/]$/.test(path) ? 'Enter the path of a file. This is a folder.' : null
}

/** A free name for the workspace in the file, by the name of the file; empty when that says nothing. */
export function nameFromPath(path: string, taken: ReadonlySet<string>): string {
  const file = path.slice(path.lastIndexOf(separatorOf(path)) + 1)
  const [stem = ''] = file.split('.')
  const name = stem.toLowerCase()
  if (workspaceNameProblem(name) !== null) return ''
  return taken.has(name) ? proposeCopyName(name, taken) : name
}

function separatorOf(path: string): '/' | '\\' {
  return path.includes('\\') && !path.startsWith('/') ? '\\' : '/'
}
