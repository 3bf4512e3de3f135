import { z } from 'zod'

/** Home folder of the user `workspace`, which relative paths start from. */
export const HOME_FOLDER = '/home/workspace'

/** The longest path that Linux takes, in bytes. */
const LONGEST_PATH_BYTES = 4096

/** An absolute path inside a workspace. */
export const filePathSchema = z
  .string()
  .max(LONGEST_PATH_BYTES)
  .startsWith('/', 'A path inside a workspace starts with “/”.')
  .refine((path) => !path.includes('\0'), 'A path cannot contain a NUL.')
  .describe('Absolute path inside the workspace.')

/** The same path without empty parts, `.` and `..`, and without a slash at its end. */
export function normalizePath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

export function joinPath(folder: string, name: string): string {
  return normalizePath(`${folder}/${name}`)
}

/** The folder that a path is in; that of `/` is `/`. */
export function folderOf(path: string): string {
  return joinPath(path, '..')
}

/** The last part of a path; empty for `/`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether the path is the folder, or below it. Both are normalized. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`)
}

/** “/a/notes 2.txt”, for a name that is taken. */
export function numberedPath(path: string, number: number): string {
  const dot = path.lastIndexOf('.')
  return dot > path.lastIndexOf('/') + 1 ? `${path.slice(0, dot)} ${number}${path.slice(dot)}` : `${path} ${number}`
}

const LONGEST_NAME_BYTES = 255

/** Why this cannot be the name of a file or folder; null when it can. */
export function fileNameProblem(name: string): string | null {
  if (name === '') return 'A name cannot be empty.'
  if (name === '.' || name === '..') return `“${name}” cannot be a name.`
  if (name.includes('/')) return 'A name cannot contain “/”.'
  if (name.includes('\0')) return 'A name cannot contain a NUL.'
  return new TextEncoder().encode(name).length > LONGEST_NAME_BYTES ? `A name can have at most ${LONGEST_NAME_BYTES} bytes.` : null
}
