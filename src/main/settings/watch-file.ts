import { watch } from 'node:fs'
import { log } from '../log'

/** Milliseconds without another write after which a file counts as written: an editor may truncate it first. */
const QUIET_MS = 200

/**
 * Calls `onWritten` soon after that file of the folder was written, by whomever. Returns what ends it. Where the system cannot watch, that is
 * logged and nothing is called.
 */
export function watchFile(folder: string, name: string, onWritten: () => void): () => void {
  let timer: NodeJS.Timeout | null = null
  const cannotWatch = (error: unknown) =>
    log.warn({ err: error, file: name }, 'a file cannot be watched: manual changes take effect at the next start')
  try {
    const watcher = watch(folder, { persistent: false }, (_event, changed) => {
      if (changed !== null && changed !== name) return
      if (timer) clearTimeout(timer)
      timer = setTimeout(onWritten, QUIET_MS)
      timer.unref()
    })
    watcher.on('error', cannotWatch)
    return () => {
      watcher.close()
      if (timer) clearTimeout(timer)
    }
  } catch (error) {
    cannotWatch(error)
    return () => undefined
  }
}
