import { folderOf, HOME_FOLDER } from '../../shared/files/file-path'
import type { InsideState } from './look-inside'
import type { Sent } from './manifest'
import type { PlannedEntry, PlannedFile } from './planned-entry'

type Sendable = Exclude<PlannedEntry, { kind: 'folder' }>

/** What has to be looked at inside before it is decided on. */
export interface Candidates {
  changed: PlannedEntry[]
  /** Sent once, and no longer planned. */
  removed: string[]
  unchanged: number
}

/** What is to be done inside. */
export interface Changes {
  send: PlannedEntry[]
  remove: string[]
  /** Folders that Berth has made, to be removed if they are empty, the deepest first. */
  removeFolders: string[]
  /** Files changed inside the workspace, which were left as they are. */
  conflicts: string[]
  /** There already, as they are to be: digests of the files by path. */
  present: Map<string, Sent>
}

/** What differs from what was sent. With `all`, every file is a candidate, so that changes inside are found too. */
export function candidatesOf(planned: readonly PlannedEntry[], sent: ReadonlyMap<string, Sent>, all: boolean): Candidates {
  const paths = new Set(planned.map(({ path }) => path))
  const changed = planned.filter((entry) => all || !isSent(entry, sent.get(entry.path)))
  const files = planned.filter(({ kind }) => kind !== 'folder').length
  return {
    changed,
    removed: [...sent.keys()].filter((path) => !paths.has(path)),
    unchanged: files - changed.filter(({ kind }) => kind !== 'folder').length,
  }
}

function isSent(entry: PlannedEntry, known: Sent | undefined): boolean {
  if (known?.kind !== entry.kind) return false
  return entry.kind === 'folder' || known.kind === 'folder' || known.stamp === entry.stamp
}

/** Every path whose state inside counts: the candidates, and the folders above them. */
export function pathsToLookAt({ changed, removed }: Candidates): string[] {
  const paths = new Set<string>()
  for (const start of [...changed.map(({ path }) => path), ...removed]) {
    for (let path = start; path !== HOME_FOLDER && !paths.has(path); path = folderOf(path)) paths.add(path)
  }
  return [...paths].sort()
}

interface Deciding {
  sent: ReadonlyMap<string, Sent>
  inside: ReadonlyMap<string, InsideState>
  /** Overwrite and remove what was changed inside. */
  force: boolean
  /** SHA-256 of a file on this machine, in hex. */
  hostDigest(file: PlannedFile): Promise<string>
}

/** Files that are as Berth sent them can be replaced or removed; files that were changed or created inside cannot. */
export async function decideChanges({ changed, removed }: Candidates, deciding: Deciding): Promise<Changes> {
  const { sent, inside, force } = deciding
  const changes: Changes = { send: [], remove: [], removeFolders: [], conflicts: [], present: new Map() }
  for (const entry of changed) {
    const state = inside.get(entry.path)
    if (state === undefined) changes.send.push(entry)
    else if (entry.kind === 'folder') {
      // One that was there before is not Berth's to remove; a file in its place keeps out what is below it, which tells.
      if (sent.get(entry.path)?.kind === 'folder') changes.present.set(entry.path, { kind: 'folder' })
    } else if (state.kind === 'folder' || state.kind === 'other') changes.conflicts.push(entry.path)
    else await decideReplacement(entry, state, deciding, changes)
  }
  for (const path of removed) {
    const [known, state] = [sent.get(path), inside.get(path)]
    if (known === undefined || state === undefined) continue
    if (known.kind === 'folder') changes.removeFolders.push(path)
    else if (isAsSent(known, state) || (force && (state.kind === 'file' || state.kind === 'link'))) changes.remove.push(path)
    else changes.conflicts.push(path)
  }
  changes.removeFolders.sort((a, b) => b.length - a.length)
  return changes
}

async function decideReplacement(
  entry: Sendable,
  state: Extract<InsideState, { kind: 'file' | 'link' }>,
  { sent, force, hostDigest }: Deciding,
  changes: Changes,
): Promise<void> {
  const { path } = entry
  const known = sent.get(path)
  const isUntouched = known !== undefined && isAsSent(known, state)
  if (entry.kind === 'link') {
    const isThere = state.kind === 'link' && state.target === entry.target
    if (isThere) changes.present.set(path, { kind: 'link', target: entry.target, stamp: entry.stamp })
    else if (isUntouched || force) changes.send.push(entry)
    else changes.conflicts.push(path)
    return
  }
  if (isUntouched && known.kind === 'file' && known.stamp !== entry.stamp) {
    changes.send.push(entry)
    return
  }
  const digest = state.kind === 'file' && state.digest !== null ? await hostDigest(entry) : null
  const hasContent = state.kind === 'file' && digest !== null && digest === state.digest
  const modified = entry.modifiedAt.getTime() / 1000
  if (hasContent && state.mode === entry.mode && state.modified === modified) {
    changes.present.set(path, { kind: 'file', mode: entry.mode, modified, digest: digest ?? '', stamp: entry.stamp })
  } else if (hasContent || isUntouched || force) changes.send.push(entry)
  else changes.conflicts.push(path)
}

function isAsSent(known: Sent, state: InsideState): boolean {
  switch (known.kind) {
    case 'file':
      return state.kind === 'file' && state.digest === known.digest
    case 'link':
      return state.kind === 'link' && state.target === known.target
    case 'folder':
      return state.kind === 'folder'
    default:
      return known satisfies never
  }
}
