import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BerthError } from '../../shared/errors'

const SQLITE_BUSY = 5

/** Held for as long as the process lives, however it ends. */
export interface HomeLock {
  release(): void
}

/**
 * Makes this process the only Berth of that home; throws ALREADY_RUNNING when there is another. The lock is SQLite's lock on a
 * file: the operating system drops it when the process dies, so that none is ever left behind.
 */
export function lockHome(home: string): HomeLock {
  const database = new DatabaseSync(join(home, 'lock'))
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!isBusy(error)) throw error
    throw new BerthError('ALREADY_RUNNING', `Berth is already running with its files in ${home}.`, {
      home,
      pid: null,
      next: 'Use the running one, or set BERTH_HOME to another folder for this one.',
    })
  }
  return { release: () => database.close() }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}
