import { entryPath } from '../../../shared/files/entry-path'
import { readTar } from '../../../shared/files/tar-reading'
import type { AddEntry } from '../../../shared/files/tar-writing'
import { CliError } from '../../cli-error'

/** Something that is copied. Content is read before the next one is asked for. */
export interface CopyEntry {
  /** Below what is copied; none for that itself. */
  path: string[]
  kind: 'file' | 'folder' | 'link' | 'hard-link' | 'other'
  mode: number
  modifiedAt: Date
  size: number
  /** Of a link: as it is written. Of a hard link: a path as above. */
  target: string | string[] | null
  content: AsyncIterable<Uint8Array>
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
export const NO_CONTENT: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: nothing }

/** What a workspace sends. Its programs are not trusted: whatever would lead out of the folder it is copied to is refused. */
export async function* entriesOfTar(tar: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<CopyEntry> {
  for await (const entry of readTar(tar, (reason) => damaged(label, reason))) {
    const { name, type, mode, mtime, size, linkname } = entry.header
    const [, ...path] = entryPath(name) ?? refuse(label, name)
    const common = { path, mode: mode & 0o777, modifiedAt: mtime, size: 0, target: null, content: NO_CONTENT }
    if (type === 'directory') yield { ...common, kind: 'folder' }
    else if (type === 'file') yield { ...common, kind: 'file', size, content: entry }
    else if (type === 'symlink') yield { ...common, kind: 'link', target: linkname }
    else if (type === 'link') {
      const [, ...target] = entryPath(linkname) ?? refuse(label, linkname)
      yield { ...common, kind: 'hard-link', target }
    } else yield { ...common, kind: 'other' }
  }
}

/** The entry for an archive in which all is below `name`. */
export async function addToTar(add: AddEntry, name: string, entry: CopyEntry): Promise<void> {
  const at = (path: string[]) => [name, ...path].join('/')
  const common = { name: at(entry.path), mode: entry.mode, mtime: entry.modifiedAt }
  switch (entry.kind) {
    case 'folder':
      return add({ ...common, name: `${common.name}/`, type: 'directory' })
    case 'file':
      return add({ ...common, type: 'file', size: entry.size }, entry.content)
    case 'link':
      return add({ ...common, type: 'symlink', linkname: String(entry.target) })
    case 'hard-link':
      return add({ ...common, type: 'link', linkname: at(Array.isArray(entry.target) ? entry.target : []) })
    case 'other':
      return
    default:
      return entry.kind satisfies never
  }
}

function refuse(label: string, name: string): never {
  throw new CliError('ARCHIVE_INVALID', `${label} has an entry “${name.slice(0, 200)}”, which would lead out of the folder.`, {
    next: 'Nothing further was copied. Look at the workspace: no file of its own has such a name.',
    data: { file: name, reason: 'path' },
  })
}

function damaged(label: string, reason: string): CliError {
  return new CliError('CONNECTION_LOST', `The copy of ${label} broke off: ${reason}.`, { next: 'Try again.' })
}
