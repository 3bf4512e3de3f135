import { ownFolder } from './archive-paths'

const KEY = 'berth.archive-folder'

/** The folder a file was last written to or read from on this page's Berth, or else the person's own; null before Berth has said what it is. */
export function proposedFolder(berthHome: string | undefined): string | null {
  return localStorage.getItem(KEY) ?? (berthHome === undefined ? null : ownFolder(berthHome))
}

export function rememberFolder(folder: string | null): void {
  if (folder !== null) localStorage.setItem(KEY, folder)
}
