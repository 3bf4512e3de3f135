import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { formatBytes } from '../../shared/byte-size'
import { BerthError } from '../../shared/errors'
import type { WatchedFolders } from '../settings/watch-folders'
import { walkSource } from './host-tree'
import type { PlannedEntry } from './planned-entry'
import type { SyncSource } from './sources'

/** All that a workspace is to have from this machine. */
export interface SyncPlan {
  entries: PlannedEntry[]
  /** In sentences: what was asked for and cannot be copied. */
  problems: string[]
  /** The same for the same plan. */
  digest: string
  /** Where changes on this machine would change it. */
  watched: WatchedFolders
}

/** What one workspace may be sent. */
const MAX_ENTRIES = 50_000
const MAX_BYTES = 2 * 1024 ** 3
const MAX_PROBLEMS = 100

/** Looks at the sources on this machine; nothing is read yet. Throws SYNC_TOO_LARGE. */
export async function readPlan(sources: readonly SyncSource[], generated: readonly PlannedEntry[]): Promise<SyncPlan> {
  const entries = new Map<string, PlannedEntry>()
  const problems: string[] = []
  let bytes = 0
  const add = (entry: PlannedEntry) => {
    const former = entries.get(entry.path)
    bytes += sizeOf(entry) - sizeOf(former)
    entries.set(entry.path, entry)
    if (entries.size > MAX_ENTRIES || bytes > MAX_BYTES) throw tooLarge(entries.size, bytes)
  }
  const problem = (text: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push(text)
  }
  const watched = new Map<string, Set<string> | null>()
  for (const source of sources) {
    const folder = dirname(source.host)
    const names = watched.get(folder)
    if (names !== null) watched.set(folder, new Set([...(names ?? []), basename(source.host)]))
    await walkSource(source, { add, problem, onFolder: (path) => void watched.set(path, null) })
  }
  for (const entry of generated) add(entry)
  const sorted = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return { entries: sorted, problems: problems.sort(), digest: digestOf(sorted), watched }
}

const sizeOf = (entry: PlannedEntry | undefined) => (entry?.kind === 'file' ? entry.size : 0)

function digestOf(entries: readonly PlannedEntry[]): string {
  const hash = createHash('sha256')
  for (const entry of entries) hash.update(`${entry.kind}\0${entry.path}\0${entry.kind === 'folder' ? '' : entry.stamp}\0`)
  return hash.digest('hex')
}

function tooLarge(entries: number, bytes: number): BerthError {
  const message = `Too much to copy: more than ${MAX_ENTRIES.toLocaleString('en')} files, or more than ${formatBytes(MAX_BYTES)}.`
  return new BerthError('SYNC_TOO_LARGE', message, {
    ...{ entries, bytes, maxEntries: MAX_ENTRIES, maxBytes: MAX_BYTES },
    next: 'Choose smaller folders to sync. Copy large folders once with “berth cp”.',
  })
}
