import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { LibraryIndex } from '../../shared/contract/library'
import { fileErrorCode } from '../../shared/file-error-code'
import { ENTRY_FOLDERS, ENTRY_KINDS } from '../../shared/library/entry-kinds'
import type { TemplateFile } from '../../shared/library/template-file'
import type { WatchedFolders } from '../settings/watch-folders'
import { realFolder } from './library-folder'
import { type EntryCache, type ReadEntry, readEntries } from './read-entries'
import { missingUses } from './read-template'

/** Everything that a library has, as it was at one moment. */
export interface ReadLibrary {
  index: LibraryIndex
  /** Without links; null if the folder does not exist. */
  root: string | null
  /** Those that can be read, by id. */
  templates: ReadonlyMap<string, TemplateFile>
  watched: WatchedFolders
}

/** Reads the library in that folder; files that are as they were the last time are not read again. */
export async function readLibrary(folder: string, cache: EntryCache): Promise<ReadLibrary> {
  const root = await realFolder(folder)
  if (root === null) {
    const index = { folder, exists: false, entries: [], problems: [] }
    return { index, root, templates: new Map(), watched: new Map([[dirname(folder), new Set([basename(folder)])]]) }
  }
  const contents = await Promise.all(ENTRY_KINDS.map((kind) => readEntries(root, kind, cache)))
  const all = contents.flatMap(({ entries }) => entries)
  forgetOthers(cache, all)
  const idsOf = (kind: 'skill' | 'tool') => all.filter(({ entry }) => entry.kind === kind).map(({ entry }) => entry.id)
  const known = { skill: idsOf('skill'), tool: idsOf('tool') }
  const entries = all.map(({ entry, read }) =>
    read === null ? entry : { ...entry, problems: [...entry.problems, ...missingUses(read, known)] },
  )
  const templates = new Map(all.flatMap(({ entry, read }) => (read?.template ? [[entry.id, read.template] as const] : [])))
  const index = { folder, exists: true, entries, problems: contents.flatMap(({ problems }) => problems) }
  return { index, root, templates, watched: await watchedFolders(root, all) }
}

function forgetOthers(cache: EntryCache, all: readonly ReadEntry[]): void {
  const current = new Set(all)
  for (const [path, read] of cache) if (!current.has(read)) cache.delete(path)
}

/** The folders of the kinds first: there is an end to how many can be watched. */
async function watchedFolders(root: string, all: readonly ReadEntry[]): Promise<WatchedFolders> {
  const folders = new Map<string, ReadonlySet<string> | null>([[root, new Set([...Object.values(ENTRY_FOLDERS), '.git'])]])
  for (const kind of ENTRY_KINDS) if (await isFolder(join(root, ENTRY_FOLDERS[kind]))) folders.set(join(root, ENTRY_FOLDERS[kind]), null)
  if (await isFolder(join(root, '.git'))) folders.set(join(root, '.git'), GIT_FILES)
  for (const { entry } of all) {
    const [kind = '', name = '', ...inner] = entry.file?.split('/') ?? []
    if (inner.length > 0) folders.set(join(root, kind, name), null)
  }
  return folders
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (fileErrorCode(error) === null) throw error
    return false
  }
}

/** Of these the state of a repository shows. */
const GIT_FILES: ReadonlySet<string> = new Set([
  'HEAD',
  'index',
  'FETCH_HEAD',
  'MERGE_HEAD',
  'ORIG_HEAD',
  'packed-refs',
  'config',
  'rebase-merge',
  'rebase-apply',
])
