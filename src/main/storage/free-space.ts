import { formatBytes } from '../../shared/byte-size'
import { BerthError, isBerthError } from '../../shared/errors'
import type { StorageDriverName } from '../../shared/storage-driver-name'
import { engineDisk } from './archive/archive-volume'
import type { Pool } from './drivers/btrfs-pool'
import { poolFull } from './drivers/pool-manager'
import { helperLabels, type StorageContext } from './drivers/storage-context'
import type { StorageDriver } from './drivers/storage-driver'

/** What a file system takes for itself beside the data. */
const OVERHEAD = 1.05
const OVERHEAD_BYTES = 32 * 1024 * 1024
/** Below this a workspace is not to be stopped: it may not come up again. */
const START_BYTES = 8 * 1024 * 1024

/** Whether there is room, asked before anything is stopped or made. */
export interface FreeSpace {
  /**
   * Compares what the volumes take with the room that the other driver has. Throws DISK_FULL when they would not fit, ENGINE_REFUSED when
   * there is no pool.
   */
  assertFits(names: string[], from: StorageDriverName, to: StorageDriverName, signal: AbortSignal): Promise<void>
  /** Throws DISK_FULL when a workspace of that driver, once stopped, would find no room to start again. */
  assertForStart(driver: StorageDriverName, signal: AbortSignal): Promise<void>
  /** The engine says the same of its own disk and of the pool: this tells them apart. Any other error is returned as it is. */
  explain(error: unknown, driver: StorageDriverName): Promise<unknown>
}

export function createFreeSpace(context: StorageContext, pool: Pool, drivers: Record<StorageDriverName, StorageDriver>): FreeSpace {
  async function engineBytes(signal: AbortSignal): Promise<number> {
    const { freeBytes } = await engineDisk(
      { engine: context.engine, image: await context.helperImage(), labels: helperLabels(context) },
      signal,
    )
    return freeBytes
  }

  return {
    async assertFits(names, from, to, signal) {
      const info = await pool.info()
      if (!info) return pool.assertExists()
      const use = await drivers[from].measure(names, signal)
      const needed = [...use.values()].reduce((sum, { bytes }) => sum + bytes, 0) * OVERHEAD + OVERHEAD_BYTES
      if (to === 'btrfs' && info.freeBytes < needed) throw noRoom(needed, info.freeBytes, 'the storage pool', 'Enlarge the pool')
      // The pool’s file grows on the engine’s disk, but for the blocks it has already.
      const grown = to === 'btrfs' ? needed - Math.max(0, info.diskBytes - info.usedBytes) : needed
      const free = await engineBytes(signal)
      if (free < grown) throw noRoom(grown, free, 'the engine’s disk', 'Free space on the engine’s disk')
    },
    async assertForStart(driver, signal) {
      const info = driver === 'btrfs' ? await pool.info() : null
      if (info && info.freeBytes < START_BYTES) throw noRoom(START_BYTES, info.freeBytes, 'the storage pool', 'Enlarge the pool')
      const free = await engineBytes(signal)
      if (free < START_BYTES) throw noRoom(START_BYTES, free, 'the engine’s disk', 'Free space on the engine’s disk')
    },
    async explain(error, driver) {
      if (driver !== 'btrfs' || !isBerthError(error, 'DISK_FULL')) return error
      const info = await pool.info()
      return info && info.freeBytes < START_BYTES ? poolFull({ cause: error }) : error
    },
  }
}

function noRoom(neededBytes: number, freeBytes: number, where: string, remedy: string): BerthError<'DISK_FULL'> {
  return new BerthError('DISK_FULL', `It needs ${formatBytes(neededBytes)}, but ${where} has only ${formatBytes(freeBytes)} free.`, {
    where,
    next: `${remedy}, or delete snapshots or workspaces there. Nothing was changed.`,
  })
}
