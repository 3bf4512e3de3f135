import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type EntryProblem,
  type LibraryDiff,
  type LibraryEntry,
  type LibraryFile,
  type LibraryIndex,
  MAX_LIBRARY_FILE,
} from '../../shared/contract/library'
import { BerthError, isBerthError } from '../../shared/errors'
import { ENTRY_FOLDERS, type EntryKind } from '../../shared/library/entry-kinds'
import type { TemplateFile } from '../../shared/library/template-file'
import { nearestName } from '../../shared/nearest-name'
import { log } from '../log'
import { watchFolders } from '../settings/watch-folders'
import { digestOf, pathInLibrary, readText, realFolder, unusable, writeText } from './library-folder'
import { type ReadLibrary, readLibrary } from './library-index'
import { createLibraryRepository, type LibraryRepository } from './library-repository'
import type { EntryCache } from './read-entries'
import { missingUses, notInLibrary, readTemplate } from './read-template'

/** A change is often many: an editor’s, or a checkout’s. */
const QUIET_MS = 300
const MAX_LISTED_FILES = 500

interface ShownEntry {
  entry: LibraryEntry
  files: { path: string; bytes: number }[]
  main: LibraryFile | null
}

/** Templates, skills and tools in a folder under git. Nothing is read before it is requested. */
export interface Library {
  /** As it is set now. */
  folder(): string
  index(): Promise<LibraryIndex>
  /** Throws LIBRARY_ENTRY_NOT_FOUND. */
  show(kind: EntryKind, id: string): Promise<ShownEntry>
  /** Throws FILE_UNUSABLE. */
  readFile(path: string): Promise<LibraryFile>
  /** Throws LIBRARY_FILE_CHANGED, FILE_UNUSABLE, DISK_FULL. */
  writeFile(file: { path: string; text: string; digest: string | null }): Promise<LibraryFile>
  /** Check the text of a template. */
  check(text: string): Promise<EntryProblem[]>
  diff(path: string): Promise<LibraryDiff>
  /** null when there is none of that name; throws LIBRARY_ENTRY_INVALID for one that cannot be used. */
  findTemplate(id: string): Promise<TemplateFile | null>
  /** Throws LIBRARY_ENTRY_NOT_FOUND for a name that the library lacks, and LIBRARY_ENTRY_INVALID for one that nothing can be copied of. */
  assertEntries(kind: 'skill' | 'tool', names: readonly string[]): Promise<void>
  /** As of the last time the library was read; null before, or when there is none. */
  knownTemplate(id: string): TemplateFile | null
  /** The folder without links, with the entries as they are now; for what is copied into workspaces. */
  read(): Promise<ReadLibrary>
  repository: LibraryRepository
  /** Reads it soon, and tells of it as of a change. */
  look(): void
  /** The folder may have changed. */
  onSettings(): void
  close(): void
}

interface LibraryOptions {
  folder(): string
  starterPath: string
  now(): Date
  /** Something of it has changed: files, or the state of its repository. */
  onChange(): void
}

export function createLibrary({ folder, starterPath, now, onChange }: LibraryOptions): Library {
  const cache: EntryCache = new Map()
  const watch = watchFolders(schedule)
  let last: ReadLibrary | null = null
  let timer: NodeJS.Timeout | null = null
  let isClosed = false
  /** Who asks while it is read gets the same. */
  let reading: Promise<ReadLibrary> | null = null

  function schedule(): void {
    if (isClosed) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void tell(), QUIET_MS)
    timer.unref()
  }

  async function tell(): Promise<void> {
    timer = null
    try {
      await read()
    } catch (error) {
      if (!isBerthError(error)) throw error
      log.warn({ err: error }, 'the library could not be read')
    }
    if (!isClosed) onChange()
  }

  function read(): Promise<ReadLibrary> {
    reading ??= readLibrary(folder(), cache)
      .then((found) => {
        last = found
        if (!isClosed) watch.set(found.watched)
        return found
      })
      .finally(() => {
        reading = null
      })
    return reading
  }

  async function rootOf(): Promise<string> {
    const root = await realFolder(folder())
    if (root === null) throw noLibrary(folder())
    return root
  }

  const namesOf = ({ index }: ReadLibrary, kind: EntryKind) => index.entries.filter((entry) => entry.kind === kind).map(({ id }) => id)

  async function readFile(path: string): Promise<LibraryFile> {
    const found = await readText(await pathInLibrary(await rootOf(), path), MAX_LIBRARY_FILE)
    if (found === null) throw unusable(path, 'it does not exist')
    return { path, text: found.text, digest: digestOf(found.text) }
  }

  const repository = createLibraryRepository({ folder, starterPath, now })

  return {
    folder,
    read,
    repository,
    look: schedule,
    index: async () => (await read()).index,
    async show(kind, id) {
      const found = await read()
      const entry = found.index.entries.find((candidate) => candidate.kind === kind && candidate.id === id)
      if (!entry) throw entryNotFound(kind, id, namesOf(found, kind))
      return { entry, files: await filesOf(found.root, entry), main: entry.file === null ? null : await readIfText(entry.file) }
    },
    readFile,
    writeFile: async ({ path, text, digest }) => {
      const written = await writeText(await rootOf(), path, text, digest, MAX_LIBRARY_FILE)
      schedule()
      return written
    },
    async check(text) {
      const found = await read()
      const checked = readTemplate(text, '')
      return [...checked.problems, ...missingUses(checked, { skill: namesOf(found, 'skill'), tool: namesOf(found, 'tool') })]
    },
    async diff(path) {
      const absolute = await pathInLibrary(await rootOf(), path)
      const current = await readText(absolute, MAX_LIBRARY_FILE)
      return { path, current: current?.text ?? null, ...(await repository.compare(path)) }
    },
    async findTemplate(id) {
      const found = await read()
      const entry = found.index.entries.find((candidate) => candidate.kind === 'template' && candidate.id === id)
      if (!entry) return null
      const template = found.templates.get(id)
      if (template && entry.problems.length === 0) return template
      throw entryInvalid('template', id, entry.problems.map(problemText))
    },
    async assertEntries(kind, names) {
      if (names.length === 0) return
      const found = await read()
      for (const name of names) {
        const entry = found.index.entries.find((candidate) => candidate.kind === kind && candidate.id === name)
        if (!entry) throw entryNotFound(kind, name, namesOf(found, kind))
        if (entry.file === null) throw entryInvalid(kind, name, entry.problems.map(problemText))
      }
    },
    knownTemplate: (id) => last?.templates.get(id) ?? null,
    onSettings() {
      if (last !== null && last.index.folder !== folder()) schedule()
    },
    close() {
      isClosed = true
      if (timer) clearTimeout(timer)
      watch.close()
    },
  }

  /** null for what is no text, or is gone by now. */
  async function readIfText(path: string): Promise<LibraryFile | null> {
    try {
      return await readFile(path)
    } catch (error) {
      if (isBerthError(error, 'FILE_UNUSABLE')) return null
      throw error
    }
  }
}

async function filesOf(root: string | null, { kind, id, file }: LibraryEntry): Promise<ShownEntry['files']> {
  if (root === null || file === null) return []
  const folder = `${ENTRY_FOLDERS[kind]}/${id}`
  if (!file.startsWith(`${folder}/`)) return [{ path: file, bytes: (await stat(join(root, file))).size }]
  const found = await readdir(join(root, folder), { withFileTypes: true, recursive: true })
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
  return Promise.all(
    paths
      .sort()
      .slice(0, MAX_LISTED_FILES)
      .map(async (path) => ({ path, bytes: (await stat(join(root, path))).size })),
  )
}

/** “limits.cpus (line 4): Too small” */
export function problemText({ message, path, line }: EntryProblem): string {
  const place = [path, line === null ? null : path === null ? `line ${line}` : `(line ${line})`].filter((part) => part !== null).join(' ')
  return place === '' ? message : `${place}: ${message}`
}

function noLibrary(folder: string): BerthError {
  return new BerthError('LIBRARY_STATE', `There is no library yet: ${folder} does not exist.`, {
    ...{ action: 'write', states: ['missing'], actions: ['init', 'clone'], files: [] },
    next: 'Create a library with “berth library init”, or clone one with “berth library clone URL”.',
  })
}

function entryNotFound(kind: EntryKind, entry: string, known: readonly string[]): BerthError {
  return new BerthError('LIBRARY_ENTRY_NOT_FOUND', notInLibrary(kind, entry, known), {
    ...{ kind, entry, nearest: nearestName(entry, known) },
    next:
      known.length === 0
        ? `The library has no ${kind} yet. Add one in the folder that “berth library path” prints.`
        : '“berth library list” lists all entries.',
  })
}

function entryInvalid(kind: EntryKind, entry: string, problems: string[]): BerthError {
  return new BerthError('LIBRARY_ENTRY_INVALID', `The ${kind} “${entry}” of the library cannot be used. ${problems[0] ?? ''}`.trim(), {
    ...{ kind, entry, problems },
    next: `Correct its file. “berth library show ${entry}” lists the problems.`,
  })
}
