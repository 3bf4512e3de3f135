/** A file, or (null) a folder, by its path below where it is dropped. Folders come before what is in them. */
export interface DroppedItem {
  path: string[]
  file: File | null
}

/** The most that one drop may bring. */
export const MOST_DROPPED = 10_000

/** Thrown for a drop of more than that. */
export class TooManyFilesError extends Error {
  override readonly name = 'TooManyFilesError'

  constructor() {
    super(`More than ${MOST_DROPPED.toLocaleString('en')} files at once. Use “berth cp” for as many.`)
  }
}

export const carriesFiles = ({ types }: DataTransfer) => types.includes('Files')

/** What was dropped or pasted, folders with all in them. To be called in the event itself: afterwards it is gone. Throws TooManyFilesError. */
export async function droppedItems({ items, files }: DataTransfer): Promise<DroppedItem[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return pickedItems(files)
  const found: DroppedItem[] = []
  for (const entry of entries) await collect(entry, [], found)
  return found
}

export function pickedItems(files: Iterable<File>): DroppedItem[] {
  return [...files].map((file) => ({ path: [file.name], file }))
}

async function collect(entry: FileSystemEntry, above: string[], found: DroppedItem[]): Promise<void> {
  if (found.length >= MOST_DROPPED) throw new TooManyFilesError()
  const path = [...above, entry.name]
  if (isFile(entry)) {
    found.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) })
    return
  }
  if (!isFolder(entry)) return
  found.push({ path, file: null })
  const reader = entry.createReader()
  for (;;) {
    // Some hundred at a time, until there are no more.
    const children = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (children.length === 0) return
    for (const child of children) await collect(child, path, found)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
