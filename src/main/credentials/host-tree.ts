import { constants, type Stats } from 'node:fs'
import { access, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileErrorCode } from '../../shared/file-error-code'
import { joinPath } from '../../shared/files/file-path'
import { fileMode, folderMode, type PlannedEntry } from './planned-entry'
import type { SyncSource } from './sources'

/** Of one folder, looked at together. */
const AT_ONCE = 64

interface Found {
  add(entry: PlannedEntry): void
  problem(text: string): void
  /** A folder of this machine that is part of it. */
  onFolder(host: string): void
}

interface Walk extends Found {
  source: SyncSource
  /** The folder that links must not lead out of. */
  root: string
}

/** Adds everything at a source. Reports and leaves out what cannot be copied; errors thrown by `add` end it. */
export async function walkSource(source: SyncSource, heard: Found): Promise<void> {
  const { host, inside, isOptional } = source
  const { problem } = heard
  if (inside === null) return problem(`${host} is not in your home folder. Say where to put it: ${host}:~/PLACE.`)
  let found: Stats
  try {
    found = await stat(host)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' && isOptional) return
    return problem(code === 'ENOENT' ? `${host} does not exist.` : `${host} cannot be read: ${code}.`)
  }
  const walk = { ...heard, source, root: host }
  if (found.isDirectory()) await walkFolder(walk, host, inside, found)
  else await addFile(walk, host, inside, found)
}

async function walkFolder(walk: Walk, host: string, inside: string, found: Stats): Promise<void> {
  walk.onFolder(host)
  walk.add({ kind: 'folder', path: inside, mode: folderMode(inside, found.mode), modifiedAt: timeOf(found) })
  let names: string[]
  try {
    names = (await readdir(host)).sort()
  } catch (error) {
    return walk.problem(`${host} cannot be read: ${codeOf(error)}.`)
  }
  for (let at = 0; at < names.length; at += AT_ONCE) {
    await Promise.all(names.slice(at, at + AT_ONCE).map((name) => walkEntry(walk, join(host, name), joinPath(inside, name))))
  }
}

async function walkEntry(walk: Walk, host: string, inside: string): Promise<void> {
  try {
    const found = await lstat(host)
    if (found.isDirectory()) await walkFolder(walk, host, inside, found)
    else if (found.isSymbolicLink()) await addLink(walk, host, inside, found)
    else await addFile(walk, host, inside, found)
  } catch (error) {
    // It went away, or is somebody else's.
    walk.problem(`${host} cannot be read: ${codeOf(error)}.`)
  }
}

async function addFile({ source, add, problem }: Walk, host: string, inside: string, found: Stats): Promise<void> {
  if (!found.isFile()) return problem(`${host} is not a regular file and was left out.`)
  try {
    await access(host, constants.R_OK)
  } catch (error) {
    return problem(`${host} cannot be read: ${codeOf(error)}.`)
  }
  const { size, mtimeMs, ctimeMs, ino } = found
  const mode = fileMode(inside, found.mode, source.isSecret)
  const stamp = [size, mtimeMs, ctimeMs, ino, mode].join(':')
  add({ kind: 'file', path: inside, mode, size, modifiedAt: timeOf(found), stamp, source: { host } })
}

/** A link stays one while it leads to something in the folder that is copied. Otherwise the file goes that it leads to: the link would lead nowhere inside. */
async function addLink(walk: Walk, host: string, inside: string, found: Stats): Promise<void> {
  const { confinedTo } = walk.source
  const leadsTo = resolve(dirname(host), await readlink(host))
  if (isBelow(leadsTo, walk.root)) {
    const target = relative(dirname(host), leadsTo).split(sep).join('/') || '.'
    walk.add({ kind: 'link', path: inside, target, modifiedAt: timeOf(found), stamp: `link:${target}` })
    return
  }
  if (confinedTo !== undefined && !isBelow(await realpath(host), confinedTo)) {
    return walk.problem(`${host} is a link that leads out of ${confinedTo} and was left out.`)
  }
  const linked = await stat(host)
  if (linked.isDirectory()) walk.problem(`${host} is a link to a folder outside ${walk.root} and was left out.`)
  else await addFile(walk, host, inside, linked)
}

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(folder + sep)

/** Tars have whole seconds. */
function timeOf({ mtimeMs }: Stats): Date {
  return new Date(Math.floor(mtimeMs / 1000) * 1000)
}

/** Throws what did not come from the file system. */
function codeOf(error: unknown): string {
  const code = fileErrorCode(error)
  if (code === null) throw error
  return code
}
