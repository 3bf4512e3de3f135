import { z } from 'zod'
import { problemSchema } from './error-definitions'
import { HOME_FOLDER } from './files/file-path'
import { gitRefProblem } from './git-ref'

export const MAX_FURTHER_REPOS = 15
const MAX_FOLDER_LENGTH = 100
const FOLDER = new RegExp(`^[A-Za-z0-9_][\\w.-]{0,${MAX_FOLDER_LENGTH - 1}}$`)

/** A repository that a workspace has besides its first one. */
export const furtherRepoSchema = z.object({
  /** Without a credential. */
  url: z.string().min(1).max(4096),
  /** As `PastedRepo.ref` has it. */
  branch: z
    .string()
    .max(255)
    .refine((ref) => gitRefProblem(ref) === null, 'It is not a branch, tag or commit.')
    .nullable(),
  /** Its folder in the home folder. */
  folder: z.string().regex(FOLDER, 'It is not a valid folder name.'),
})
export type FurtherRepo = z.infer<typeof furtherRepoSchema>

/** How the clone of each fared, by its folder; one that is not there yet and has not failed is missing. */
export const furtherRepoStatesSchema = z.record(
  z.string(),
  z.object({ status: z.enum(['cloned', 'failed']), problem: problemSchema.nullable() }),
)
export type FurtherRepoStates = z.infer<typeof furtherRepoStatesSchema>

export function furtherRepoPath(folder: string): string {
  return `${HOME_FOLDER}/${folder}`
}

/** The first repository has one of these, dropped files the other. */
const TAKEN_FOLDERS = ['repo', 'uploads']

/** A folder for each of these URLs or paths, called as the repository is, with a number where several are called so. */
export function foldersFor(urls: readonly string[]): string[] {
  const taken = new Set(TAKEN_FOLDERS)
  return urls.map((url) => {
    const name = folderName(url)
    let folder = name
    for (let number = 2; taken.has(folder); number++) folder = `${name}-${number}`
    taken.add(folder)
    return folder
  })
}

function folderName(url: string): string {
  const path = url.replace(/\/+$/, '').replace(/\.git$/, '')
  const last = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1)
  // A number may come behind it.
  const name = last
    .replace(/[^\w.-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, MAX_FOLDER_LENGTH - 3)
  return name === '' ? 'repository' : name
}
