import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type EntryProblem, type LibraryEntry, MAX_LIBRARY_FILE } from '../../shared/contract/library'
import { isBerthError } from '../../shared/errors'
import { fileErrorCode, isMissing } from '../../shared/file-error-code'
import { ENTRY_FOLDERS, type EntryKind } from '../../shared/library/entry-kinds'
import { entryNameProblem } from '../../shared/library/entry-name'
import { visibleText } from '../../shared/visible-text'
import { isInside, readText } from './library-folder'
import { readSkillHead } from './read-skill'
import { type ReadTemplate, readTemplate } from './read-template'

/** Of one kind. */
const MAX_ENTRIES = 5000
/** Of one skill or tool, which is looked through for links that lead out. */
const MAX_FILES = 2000
/** Entries that are looked at together. */
const AT_ONCE = 64

/** An entry as it was read, and the stamp that shows changes. */
export interface ReadEntry {
  stamp: string
  entry: LibraryEntry
  /** Of a template. */
  read: ReadTemplate | null
}

/** What is known from the last time, by path below the library. */
export type EntryCache = Map<string, ReadEntry>

interface KindContent {
  entries: ReadEntry[]
  problems: string[]
}

/** Reads all entries of a kind; unchanged ones come from the cache. Problems are reported with the entry. `root` is without links. */
export async function readEntries(root: string, kind: EntryKind, cache: EntryCache): Promise<KindContent> {
  const folder = ENTRY_FOLDERS[kind]
  const problems: string[] = []
  let found: Dirent[]
  try {
    if (!isInside(await realpath(join(root, folder)), root))
      return { entries: [], problems: [`${folder} is a link that leads out of the library.`] }
    found = await readdir(join(root, folder), { withFileTypes: true })
  } catch (error) {
    if (fileErrorCode(error) === null) throw error
    return { entries: [], problems: isMissing(error) ? [] : [`${folder} cannot be read: ${fileErrorCode(error)}.`] }
  }
  const named = found.map((entry) => ({ name: entry.name, id: idOf(kind, entry) })).filter(({ id }) => id !== null) as {
    name: string
    id: string
  }[]
  named.sort((a, b) => (a.name < b.name ? -1 : 1))
  if (named.length > MAX_ENTRIES) problems.push(`${folder} has more than ${MAX_ENTRIES} entries; the rest are left out.`)
  const taken = named.slice(0, MAX_ENTRIES)
  const entries: ReadEntry[] = []
  for (let at = 0; at < taken.length; at += AT_ONCE) {
    entries.push(...(await Promise.all(taken.slice(at, at + AT_ONCE).map(({ name, id }) => readEntry(root, kind, name, id, cache)))))
  }
  return { entries: withoutDoubles(entries), problems }
}

/** null for anything that is not an entry: hidden files, and files other than JSON in the template folder. */
function idOf(kind: EntryKind, { name }: Dirent): string | null {
  if (name.startsWith('.')) return null
  if (kind === 'template') return name.endsWith('.json') ? name.slice(0, -'.json'.length) : null
  return kind === 'tool' && name.endsWith('.ts') ? name.slice(0, -'.ts'.length) : name
}

/** `tool/x.ts` and `tool/x/` are one name. */
function withoutDoubles(entries: ReadEntry[]): ReadEntry[] {
  const byId = new Map<string, ReadEntry>()
  for (const read of entries) {
    const former = byId.get(read.entry.id)
    if (former === undefined) byId.set(read.entry.id, read)
    else {
      const message = 'A folder and a file have this name; only the first one is used.'
      byId.set(read.entry.id, { ...former, entry: { ...former.entry, problems: [...former.entry.problems, whole(message)] } })
    }
  }
  return [...byId.values()]
}

async function readEntry(root: string, kind: EntryKind, name: string, id: string, cache: EntryCache): Promise<ReadEntry> {
  const path = `${ENTRY_FOLDERS[kind]}/${name}`
  const failed = (message: string): ReadEntry => ({ stamp: message, entry: { ...bare(kind, id), problems: [whole(message)] }, read: null })
  const nameProblem = entryNameProblem(id)
  if (nameProblem !== null) return failed(`Its name is invalid. ${nameProblem}`)
  try {
    const linked = await lstat(join(root, path))
    if (linked.isSymbolicLink() && !isInside(await realpath(join(root, path)), root))
      return failed('It is a link that leads out of the library.')
    const stats = linked.isSymbolicLink() ? await stat(join(root, path)) : linked
    if (kind === 'template') return await readTemplateEntry(root, path, id, stats, cache)
    return stats.isDirectory() ? await readFolder(root, kind, path, id, cache) : readSingleFile(kind, path, id, stats)
  } catch (error) {
    if (isBerthError(error, 'FILE_UNUSABLE')) return failed(`It cannot be read: ${error.data.reason}.`)
    if (fileErrorCode(error) === null) throw error
    return failed(isMissing(error) ? 'It is a broken link.' : `It cannot be read: ${fileErrorCode(error)}.`)
  }
}

async function readTemplateEntry(root: string, path: string, id: string, stats: Stats, cache: EntryCache): Promise<ReadEntry> {
  const stamp = stampOf(stats)
  const known = cache.get(path)
  if (known?.stamp === stamp) return known
  const text = (await readText(join(root, path), MAX_LIBRARY_FILE))?.text ?? ''
  const read = readTemplate(text, path)
  const { name = id, description = null } = read.template ?? {}
  const entry: LibraryEntry = { kind: 'template', id, name, description, file: path, problems: read.problems }
  return remember(cache, path, { stamp, entry, read })
}

async function readFolder(root: string, kind: EntryKind, path: string, id: string, cache: EntryCache): Promise<ReadEntry> {
  const main = kind === 'skill' ? `${path}/SKILL.md` : await mainOfTool(root, path, id)
  const linkProblems = await findLinksOut(root, path)
  const stats = main === null ? null : await statInside(root, main)
  if (stats === null) {
    const message = kind === 'skill' ? 'It has no SKILL.md.' : `It has neither ${id}.ts nor index.ts.`
    return { stamp: 'none', entry: { ...bare(kind, id), problems: [whole(message), ...linkProblems] }, read: null }
  }
  const stamp = `${stampOf(stats)} ${linkProblems.map(({ message }) => message).join(' ')}`
  const known = cache.get(path)
  if (known?.stamp === stamp) return known
  const described = { ...bare(kind, id), file: main }
  if (kind === 'tool') return remember(cache, path, { stamp, entry: { ...described, problems: linkProblems }, read: null })
  const { name, description, problems } = readSkillHead((await readText(join(root, main ?? ''), MAX_LIBRARY_FILE))?.text ?? '', id)
  const told = problems.map(({ message, line }) => ({ message, file: main, path: null, line, column: 1 }))
  return remember(cache, path, {
    stamp,
    entry: { ...described, name: name ?? id, description, problems: [...told, ...linkProblems] },
    read: null,
  })
}

function readSingleFile(kind: EntryKind, path: string, id: string, stats: Stats): ReadEntry {
  const isTool = kind === 'tool' && path.endsWith('.ts') && stats.isFile()
  const problems = isTool ? [] : [whole(kind === 'tool' ? 'A tool is a folder, or a file that ends with .ts.' : 'A skill is a folder.')]
  return { stamp: stampOf(stats), entry: { ...bare(kind, id), file: isTool ? path : null, problems }, read: null }
}

async function mainOfTool(root: string, path: string, id: string): Promise<string | null> {
  for (const name of [`${id}.ts`, 'index.ts']) if ((await statInside(root, `${path}/${name}`)) !== null) return `${path}/${name}`
  return null
}

/** Of a file that no link leads out of the library to; null when there is none. */
async function statInside(root: string, path: string): Promise<Stats | null> {
  try {
    const real = await realpath(join(root, path))
    if (!isInside(real, root)) return null
    const stats = await stat(real)
    return stats.isFile() ? stats : null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Every link in a folder that leads out of the library is named: what it leads to is never copied. */
async function findLinksOut(root: string, path: string): Promise<EntryProblem[]> {
  const problems: EntryProblem[] = []
  const waiting = [path]
  let seen = 0
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const found of await readdir(join(root, folder), { withFileTypes: true })) {
      const inner = `${folder}/${found.name}`
      if (++seen > MAX_FILES) return [...problems, whole(`It has more than ${MAX_FILES} files.`)]
      if (found.isDirectory()) waiting.push(inner)
      else if (found.isSymbolicLink() && (await leadsOut(root, inner))) {
        problems.push({ ...whole(`${visibleText(found.name)} is a link that leads out of the library and is left out.`), file: inner })
      }
    }
  }
  return problems
}

async function leadsOut(root: string, path: string): Promise<boolean> {
  try {
    return !isInside(await realpath(join(root, path)), root)
  } catch (error) {
    // It leads nowhere, or round in a circle.
    if (isMissing(error) || fileErrorCode(error) === 'ELOOP') return true
    throw error
  }
}

function remember(cache: EntryCache, path: string, read: ReadEntry): ReadEntry {
  cache.set(path, read)
  return read
}

const bare = (kind: EntryKind, id: string): LibraryEntry => ({
  kind,
  id: visibleText(id),
  name: visibleText(id),
  description: null,
  file: null,
  problems: [],
})

const whole = (message: string): EntryProblem => ({ message, file: null, path: null, line: null, column: null })

const stampOf = ({ size, mtimeMs, ctimeMs, ino }: Stats) => [size, mtimeMs, ctimeMs, ino].join(':')
