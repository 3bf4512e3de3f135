import { BerthError, isBerthError } from '../../shared/errors'
import type { StorageDriverName } from '../../shared/storage-driver-name'
import type { Pool } from './btrfs-pool'
import { poolFull } from './pool-manager'
import type { StorageContext } from './storage-context'
import type { CopyOptions, StorageDriver, VolumeCopy } from './storage-driver'
import { copyVolumes } from './volume-copy'
import { assertFree, assertThere } from './volume-ownership'

/** What a file system takes for itself beside the data. */
const OVERHEAD = 1.05
const OVERHEAD_BYTES = 32 * 1024 * 1024

/** Copies from one driver to the other: file by file, whichever way it goes. */
export interface VolumeTransfer {
  /**
   * Compares what the volumes take with the room there is. Nothing is made. Throws DISK_FULL when they would not fit, ENGINE_REFUSED
   * when there is no pool.
   */
  assertFits(names: string[], from: StorageDriverName, to: StorageDriverName, signal: AbortSignal): Promise<void>
  /**
   * Copies volumes to new ones of that driver; returns when they are on the disk. When it fails or is aborted nothing of the targets is
   * left and the source goes on. Throws DISK_FULL, CANCELLED, ENGINE_REFUSED, and FOREIGN_RESOURCE when a target exists already.
   */
  copy(copies: VolumeCopy[], to: StorageDriverName, options: CopyOptions): Promise<void>
}

export function createVolumeTransfer(
  context: StorageContext,
  pool: Pool,
  drivers: Record<StorageDriverName, StorageDriver>,
): VolumeTransfer {
  const { volumes } = context.engine

  async function engineRoom(): Promise<number> {
    const [room = '0'] = await pool.manager.ask('room')
    return Number(room)
  }

  return {
    async assertFits(names, from, to, signal) {
      const info = await pool.info()
      if (!info) return pool.assertExists()
      const use = await drivers[from].measure(names, signal)
      const needed = [...use.values()].reduce((sum, { bytes }) => sum + bytes, 0) * OVERHEAD + OVERHEAD_BYTES
      if (to === 'btrfs' && info.freeBytes < needed) throw noRoom(needed, info.freeBytes, 'the storage pool', 'Make the pool larger')
      // The pool’s file grows on the engine’s disk, but for the blocks it has already.
      const grown = to === 'btrfs' ? needed - Math.max(0, info.diskBytes - info.usedBytes) : needed
      const room = await engineRoom()
      if (room < grown) throw noRoom(grown, room, 'the engine’s disk', 'Free space on the engine’s disk')
    },
    async copy(copies, to, options) {
      if (to === 'btrfs') await pool.assertExists()
      await assertThere(volumes, copies)
      await assertFree(volumes, copies)
      try {
        for (const copy of copies) await drivers[to].create(copy.to, copy.labels)
        await copyVolumes(context, copies, { ...options, sync: true })
      } catch (error) {
        await pool.cleanUp(async () => {
          for (const copy of copies) await drivers[to].remove(copy.to)
        })
        throw to === 'btrfs' && isBerthError(error, 'DISK_FULL') ? poolFull({ cause: error }) : error
      }
    },
  }
}

function noRoom(neededBytes: number, freeBytes: number, where: string, remedy: string): BerthError<'DISK_FULL'> {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  return new BerthError('DISK_FULL', `It takes ${gigabytes(neededBytes)}, and ${where} has ${gigabytes(freeBytes)} free.`, {
    where,
    next: `${remedy}, or delete snapshots or workspaces there. Nothing was changed.`,
  })
}
