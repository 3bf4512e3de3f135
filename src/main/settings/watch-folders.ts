import { type FSWatcher, watch } from 'node:fs'
import { log } from '../log'

/** Folders of this machine, each with the names in it that count; null for all. */
export type WatchedFolders = ReadonlyMap<string, ReadonlySet<string> | null>

/** Each takes a watch of the system, of which a user has some thousands. */
const MAX_FOLDERS = 2000

export interface FolderWatch {
  /** Watches these from now on, and no others. */
  set(folders: WatchedFolders): void
  close(): void
}

/** Calls `onChange` when something changes in the folders that are set. What cannot be watched is logged: it is copied at the next start. */
export function watchFolders(onChange: () => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>()
  let wanted: WatchedFolders = new Map()

  function open(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        const names = wanted.get(folder)
        if (names === undefined || (names !== null && name !== null && !names.has(name))) return
        onChange()
      })
      watcher.on('error', (error) => {
        log.info({ err: error, folder }, 'a folder is no longer watched')
        close(folder)
      })
      watchers.set(folder, watcher)
    } catch (error) {
      log.info({ err: error, folder }, 'a folder cannot be watched: its changes are copied at the next start')
    }
  }

  function close(folder: string): void {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  return {
    set(folders) {
      wanted = new Map([...folders].slice(0, MAX_FOLDERS))
      for (const folder of watchers.keys()) if (!wanted.has(folder)) close(folder)
      for (const folder of wanted.keys()) if (!watchers.has(folder)) open(folder)
    },
    close() {
      for (const folder of watchers.keys()) close(folder)
    },
  }
}
