import { createHash } from 'node:crypto'
import { lstat, mkdir, open, readFile, readlink, rename, rm, rmdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { nanoid } from 'nanoid'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { fileErrorCode, isMissing } from '../../../shared/file-error-code'
import { HOME_FOLDER } from '../../../shared/files/file-path'
import { ENTRY_TARGETS } from '../../../shared/library/entry-targets'
import { parseJson } from '../../../shared/parse-json'
import { contentOf, digestOf } from '../../credentials/host-content'
import { readPlan } from '../../credentials/plan'
import type { PlannedEntry, PlannedFile, PlannedLink } from '../../credentials/planned-entry'
import type { Library } from '../../library/library'
import { writeJsonFile } from '../../settings/atomic-file'
import type { HostRecord } from '../../settings/records'
import { libraryCopies } from '../lifecycle/library-copies'

/** What was brought, by paths below `base`: digests of files, and targets of links behind “link:”. */
const manifestSchema = z.object({ base: z.string(), entries: z.record(z.string(), z.string()) })
type Manifest = z.infer<typeof manifestSchema>

const [EXCLUDE_BEGIN, EXCLUDE_END] = ['# Skills and tools of Berth: begin', '# Skills and tools of Berth: end']
const TARGETS = [...ENTRY_TARGETS.skill, ...ENTRY_TARGETS.tool].map(({ folder }) => folder)

export interface EntryServices {
  library: Pick<Library, 'read'>
  /** Where it is noted what was brought: a folder of BERTH_HOME. */
  entriesFolder: string
}

interface BroughtEntries {
  /** In sentences: what is not in the library, or was changed in the folder and is therefore left. */
  problems: string[]
}

/**
 * Copies the skills and tools of a host workspace to where agents look for them, in its repository or its folder: new and changed ones are
 * written, deselected ones removed. Files that were changed or created there are kept and reported. Git ignores them (`.git/info/exclude`).
 * Throws errors of the file system and of `readPlan`.
 */
export async function bringEntries(
  { library, entriesFolder }: EntryServices,
  record: Pick<HostRecord, 'id' | 'name' | 'skills' | 'tools' | 'hostFolder' | 'repoState'>,
): Promise<BroughtEntries> {
  const manifestFile = join(entriesFolder, `${record.id}.json`)
  const former = await readManifest(manifestFile)
  if (former === null && record.skills.length + record.tools.length === 0) return { problems: [] }
  const base = record.repoState === 'cloned' ? join(record.hostFolder, 'repo') : record.hostFolder
  const { sources, links, problems } = await libraryCopies(library, record)
  const plan = await readPlan(sources, links)
  const wanted = new Map(plan.entries.filter(isContent).map((entry) => [entry.path.slice(HOME_FOLDER.length + 1), entry]))
  const sent = former?.base === base ? former.entries : {}
  const next: Record<string, string> = {}
  const left: string[] = []

  if (former && former.base !== base)
    for (const [path, digest] of Object.entries(former.entries)) await removeSent(former.base, path, digest)
  for (const [path, digest] of Object.entries(sent)) {
    if (wanted.has(path) || (await removeSent(base, path, digest))) continue
    left.push(path)
    next[path] = digest
  }
  for (const [path, entry] of wanted) {
    const digest = await place(base, path, entry, sent[path] ?? null)
    if (digest === null) left.push(path)
    const known = digest ?? sent[path]
    if (known !== undefined) next[path] = known
  }
  await excludeFromGit(base, Object.keys(next))
  if (Object.keys(next).length === 0) await rm(manifestFile, { force: true })
  else await writeJsonFile(manifestFile, { base, entries: next } satisfies Manifest)
  const changed = left.map((path) => `${join(base, path)} was changed in the workspace and is left as it is.`)
  return { problems: [...problems, ...plan.problems, ...changed] }
}

const isContent = (entry: PlannedEntry): entry is PlannedFile | PlannedLink => entry.kind !== 'folder'

/** Writes it if nothing is there, or what was written before; returns its digest, and null for a foreign file. */
async function place(base: string, path: string, entry: PlannedFile | PlannedLink, sent: string | null): Promise<string | null> {
  const target = join(base, path)
  const wanted = entry.kind === 'link' ? `link:${entry.target}` : await digestOf(entry)
  if (!(await isReachable(base, path))) return null
  const present = await digestAt(target)
  if (present === wanted) return wanted
  if (present !== null && present !== sent) return null
  await mkdir(dirname(target), { recursive: true })
  const partial = join(dirname(target), `.berth-${nanoid(10)}`)
  try {
    if (entry.kind === 'link') await symlink(entry.target, partial)
    else await write(partial, entry)
    await rename(partial, target)
  } finally {
    await rm(partial, { force: true })
  }
  return wanted
}

async function write(path: string, entry: PlannedFile): Promise<void> {
  const file = await open(path, 'wx', entry.mode)
  try {
    for await (const chunk of contentOf(entry, createHash('sha256'))) await file.write(chunk)
  } finally {
    await file.close()
  }
}

/** Whether it is gone: it was as it had been brought, or not there any more. */
async function removeSent(base: string, path: string, digest: string): Promise<boolean> {
  const target = join(base, path)
  const present = (await isReachable(base, path)) ? await digestAt(target) : null
  if (present === null) return true
  if (present !== digest) return false
  await rm(target)
  await removeEmptyFolders(base, dirname(path))
  return true
}

/** Up to, and with, the folder that agents look into. */
async function removeEmptyFolders(base: string, path: string): Promise<void> {
  for (
    let folder = path;
    folder !== '.' && TARGETS.some((target) => `${folder}/`.startsWith(`${target.split('/')[0]}/`));
    folder = dirname(folder)
  ) {
    try {
      await rmdir(join(base, folder))
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(fileErrorCode(error) ?? '')) return
      throw error
    }
  }
}

/** No folder on the way is a link, which could lead anywhere, or a file. */
async function isReachable(base: string, path: string): Promise<boolean> {
  const segments = path.split('/').slice(0, -1)
  for (let length = 1; length <= segments.length; length += 1) {
    const kind = await kindOf(join(base, ...segments.slice(0, length)))
    if (kind === null) return true
    if (kind !== 'folder') return false
  }
  return true
}

/** null when nothing is there; of what is no file and no link, something that no digest is. */
async function digestAt(path: string): Promise<string | null> {
  switch (await kindOf(path)) {
    case null:
      return null
    case 'link':
      return `link:${await readlink(path)}`
    case 'file':
      return createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
    default:
      return 'neither a file nor a link'
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'link' | 'other' | null> {
  try {
    const found = await lstat(path)
    if (found.isSymbolicLink()) return 'link'
    if (found.isDirectory()) return 'folder'
    return found.isFile() ? 'file' : 'other'
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** In the file that git has for what concerns one checkout alone. */
async function excludeFromGit(base: string, paths: readonly string[]): Promise<void> {
  if ((await kindOf(join(base, '.git'))) !== 'folder') return
  const file = join(base, '.git/info/exclude')
  const before = (await kindOf(file)) === 'file' ? await readFile(file, 'utf8') : ''
  const begin = before.indexOf(EXCLUDE_BEGIN)
  const end = before.indexOf(EXCLUDE_END)
  const own = begin !== -1 && end > begin ? before.slice(0, begin) + before.slice(end + EXCLUDE_END.length).replace(/^\n/, '') : before
  const lines = [...new Set(paths.map((path) => `/${path}`))].sort()
  const block = lines.length === 0 ? '' : `${[EXCLUDE_BEGIN, ...lines, EXCLUDE_END].join('\n')}\n`
  const after = own === '' || own.endsWith('\n') ? own + block : `${own}\n${block}`
  if (after === before) return
  await mkdir(dirname(file), { recursive: true })
  await writeFileAtomic(file, after)
}

async function readManifest(file: string): Promise<Manifest | null> {
  try {
    // A damaged list proves nothing: existing files then count as foreign and are kept.
    const read = manifestSchema.safeParse(parseJson(await readFile(file, 'utf8')))
    return read.success ? read.data : null
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  }
}
