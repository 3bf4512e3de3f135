import { entryPath } from '../../shared/files/entry-path'
import { readTar } from '../../shared/files/tar-reading'
import type { AddEntry } from '../../shared/files/tar-writing'
import { badArchive } from './file-errors'
import { WORKSPACE_USER } from './inside'

/** The most names of skipped entries that are told. */
const MOST_TOLD = 100
/** The most links that one archive may bring: their paths are kept until its end. */
const MOST_LINKS = 100_000
const LONGEST_TARGET = 4096

export interface Incoming {
  /** Names of what is at the top of the archive. */
  names: Set<string>
  /** Devices, pipes and other things that are no files: they are left out. */
  skipped: string[]
  skippedCount: number
  fileCount: number
  bytes: number
}

export const nothingYet = (): Incoming => ({ names: new Set(), skipped: [], skippedCount: 0, fileCount: 0, bytes: 0 })

/**
 * Passes on the entries of an archive whose paths stay inside the folder it is unpacked into, below `prefix`, owned by the user `workspace`.
 * Nothing is written through a link that the archive itself brings. Throws ARCHIVE_INVALID.
 */
export async function addArchive(source: AsyncIterable<Uint8Array>, prefix: string, add: AddEntry, incoming: Incoming): Promise<void> {
  const links = new Set<string>()
  for await (const entry of readTar(source, (reason) => badArchive('', 'format', `The archive is damaged: ${reason}.`))) {
    const { header } = entry
    const parts = checkedPath(header.name)
    const path = parts.join('/')
    for (let end = 1; end < parts.length; end++) {
      if (links.has(parts.slice(0, end).join('/'))) throw throughLink(header.name)
    }
    const [top] = parts
    // The folder itself, which is there already.
    if (top === undefined) continue
    const common = { name: prefix + path, mode: (header.mode ?? 0o644) & 0o777, mtime: header.mtime, ...owner }
    switch (header.type) {
      case 'directory':
        await add({ ...common, name: `${common.name}/`, type: 'directory' })
        links.delete(path)
        break
      case 'file':
      case 'contiguous-file':
        await add({ ...common, size: header.size, type: 'file' }, entry)
        links.delete(path)
        incoming.bytes += header.size ?? 0
        break
      case 'symlink': {
        const target = header.linkname ?? ''
        if (target === '' || target.length > LONGEST_TARGET || links.size >= MOST_LINKS) throw badLink(header.name)
        links.add(path)
        await add({ ...common, type: 'symlink', linkname: target })
        break
      }
      case 'link': {
        const target = checkedPath(header.linkname ?? '').join('/')
        if (links.has(target)) throw throughLink(header.name)
        await add({ ...common, type: 'link', linkname: prefix + target })
        break
      }
      default:
        incoming.skippedCount += 1
        if (incoming.skipped.length < MOST_TOLD) incoming.skipped.push(path)
        continue
    }
    incoming.names.add(top)
    incoming.fileCount += 1
  }
}

const owner = { uid: WORKSPACE_USER.uid, gid: WORKSPACE_USER.gid }

function checkedPath(name: string): string[] {
  const parts = entryPath(name)
  if (parts === null) throw badArchive(name, 'path', `The archive has an entry “${name.slice(0, 200)}” outside the target folder.`)
  return parts
}

const throughLink = (name: string) =>
  badArchive(name, 'link', `The archive entry “${name.slice(0, 200)}” would be written through a link in the archive.`)
const badLink = (name: string) => badArchive(name, 'link', `The link “${name.slice(0, 200)}” is broken, or there are too many links.`)
