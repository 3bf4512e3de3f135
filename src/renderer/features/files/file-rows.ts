import type { FileEntry, FileListing } from '../../../shared/contract/files'
import { joinPath } from '../../../shared/files/file-path'

/** What is known of a folder. */
export type FolderState = { status: 'loading' } | { status: 'ready'; listing: FileListing } | { status: 'failed'; reason: string }

export interface EntryRow {
  kind: 'entry'
  path: string
  entry: FileEntry
  /** From 1. */
  level: number
  /** null for what cannot be opened. */
  isOpen: boolean | null
  position: number
  siblings: number
}

/** A remark in the place of entries: that they are loading, or why there are none, or no more. */
export interface RemarkRow {
  kind: 'remark'
  path: string
  level: number
  remark: 'loading' | 'empty' | 'failed' | 'truncated' | 'unnamed'
  /** Why it failed; empty otherwise. */
  reason: string
  count: number
}
export type FileRow = EntryRow | RemarkRow

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** A link to a folder opens as one. */
export const isFolderLike = ({ kind, link }: FileEntry) => kind === 'folder' || link?.kind === 'folder'

/** Folders first, then by name as people count. */
export function sortEntries(entries: readonly FileEntry[]): FileEntry[] {
  return [...entries].sort(
    (one, other) =>
      Number(isFolderLike(other)) - Number(isFolderLike(one)) || collator.compare(one.name, other.name) || (one.name < other.name ? -1 : 1),
  )
}

/** The rows of the tree below `root`, from the top: what is in folders that are open, as far as it is known. */
export function fileRows(root: string, folders: ReadonlyMap<string, FolderState>, open: ReadonlySet<string>): FileRow[] {
  const rows: FileRow[] = []
  const remark = (path: string, level: number, kind: RemarkRow['remark'], count = 0, reason = '') =>
    rows.push({ kind: 'remark', path, level, remark: kind, reason, count })

  function addFolder(path: string, level: number): void {
    const state = folders.get(path)
    if (state === undefined || state.status === 'loading') return void remark(path, level, 'loading')
    if (state.status === 'failed') return void remark(path, level, 'failed', 0, state.reason)
    const { entries, truncated, unnamed } = state.listing
    if (entries.length === 0 && unnamed === 0) return void remark(path, level, 'empty')
    for (const [index, entry] of entries.entries()) {
      const at = joinPath(path, entry.name)
      const isOpen = isFolderLike(entry) ? open.has(at) : null
      rows.push({ kind: 'entry', path: at, entry, level, isOpen, position: index + 1, siblings: entries.length })
      if (isOpen === true) addFolder(at, level + 1)
    }
    if (truncated) remark(path, level, 'truncated', entries.length)
    if (unnamed > 0) remark(path, level, 'unnamed', unnamed)
  }

  addFolder(root, 1)
  return rows
}
