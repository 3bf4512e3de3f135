import { isBerthError } from '../../../shared/errors'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Pool } from './btrfs-pool'
import { poolFull } from './pool-manager'
import type { StorageContext } from './storage-context'
import type { CopyOptions, StorageDriver, VolumeCopy } from './storage-driver'
import { copyVolumes } from './volume-copy'
import { assertFree, assertThere, removeOwnTargets } from './volume-ownership'

/** Copies from one driver to the other: file by file, whichever way it goes. */
export interface VolumeTransfer {
  /**
   * Copies volumes to new ones of that driver; returns when they are on the disk. When it fails or is aborted, nothing is left of the
   * targets and the source keeps running. Throws DISK_FULL, CANCELLED, ENGINE_REFUSED, and FOREIGN_RESOURCE if a target already exists.
   */
  copy(copies: VolumeCopy[], to: StorageDriverName, options: CopyOptions): Promise<void>
}

export function createVolumeTransfer(
  context: StorageContext,
  pool: Pool,
  drivers: Record<StorageDriverName, StorageDriver>,
): VolumeTransfer {
  const { volumes } = context.engine

  return {
    async copy(copies, to, options) {
      if (to === 'btrfs') await pool.assertExists()
      await assertThere(volumes, copies)
      await assertFree(volumes, copies)
      try {
        for (const copy of copies) await drivers[to].create(copy.to, copy.labels)
        await copyVolumes(context, copies, { ...options, sync: true })
      } catch (error) {
        await pool.cleanUp(() => removeOwnTargets(volumes, copies, drivers[to].remove))
        throw to === 'btrfs' && isBerthError(error, 'DISK_FULL') ? poolFull({ cause: error }) : error
      }
    },
  }
}
