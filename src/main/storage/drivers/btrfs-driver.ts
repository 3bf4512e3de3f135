import { isBerthError } from '../../../shared/errors'
import type { Pool } from './btrfs-pool'
import type { StorageContext } from './storage-context'
import type { StorageDriver, VolumeUse } from './storage-driver'
import { assertFree, assertThere, createTarget, ensureOwn, removeOwnTargets } from './volume-ownership'

/**
 * Volumes are subvolumes of Berth's pool. A subvolume is made before the engine's volume that mounts it, and removed after it: a
 * volume always has its subvolume, and what was cut off in between is a subvolume without a volume, which `sweep` removes.
 */
export function createBtrfsDriver(context: StorageContext, pool: Pool): StorageDriver {
  const { volumes } = context.engine
  const { manager } = pool

  async function remove(name: string): Promise<void> {
    const volume = await volumes.inspect(name)
    if (volume && !pool.isOwn(volume)) throw new Error(`${name} is not a volume of the pool`)
    await volumes.remove(name)
    // With the pool its subvolumes are gone.
    if (await pool.exists()) await manager.ask('delete', name)
  }

  /** The subvolume of a volume that was created elsewhere in the meantime. */
  async function removeUnmounted(name: string): Promise<void> {
    const volume = await volumes.inspect(name)
    if (!volume || !pool.isOwn(volume)) await manager.ask('delete', name)
  }

  return {
    name: 'btrfs',
    create: (name, labels) =>
      pool.making([name], async () => {
        await pool.assertExists()
        // Nothing is made below the name of another's.
        const isMade = (await volumes.inspect(name)) === null && (await manager.ask('create', name)).includes('made')
        try {
          await ensureOwn(volumes, name, labels, pool.volumeOptions(name))
        } catch (error) {
          // Somebody else was quicker with the name.
          if (isMade && isBerthError(error, 'FOREIGN_RESOURCE')) await pool.cleanUp(() => removeUnmounted(name))
          throw error
        }
      }),
    remove,
    copy: (copies, { freeze, signal }) => {
      const targets = copies.map(({ to }) => to)
      return pool.making(targets, async () => {
        await pool.assertExists()
        await assertThere(volumes, copies)
        await assertFree(volumes, copies)
        pool.assertNotAborted(signal)
        try {
          // What a snapshot that was cut off has left would be snapshotted into.
          for (const name of targets) await manager.ask('delete', name)
          // Written out before, so that the snapshot has little left to write while the source stands still.
          await manager.ask('sync')
          pool.assertNotAborted(signal)
          const snapshot = async () => {
            await manager.ask('snapshot', ...copies.flatMap(({ from, to }) => [from, to]))
          }
          await (freeze ? freeze(snapshot) : snapshot())
          pool.assertNotAborted(signal)
          for (const copy of copies) await createTarget(volumes, copy, pool.volumeOptions(copy.to))
        } catch (error) {
          await pool.cleanUp(async () => {
            await removeOwnTargets(volumes, copies, remove)
            for (const name of targets) await removeUnmounted(name)
          })
          throw error
        }
      })
    },
    async measure(names, signal) {
      pool.assertNotAborted(signal)
      await pool.assertExists()
      const lines = await manager.ask('measure', ...names)
      return new Map<string, VolumeUse>(
        lines.map((line) => {
          const [name = '', bytes, exclusive] = line.split(' ')
          return [name, { bytes: Number(bytes), exclusiveBytes: Number(exclusive) }]
        }),
      )
    },
    async limit(names, bytes) {
      // Whether or not the engine has volumes for them: a removed volume is restored with the limit that it has here.
      const there = new Set(await pool.subvolumes())
      if (!names.every((name) => there.has(name))) return false
      await manager.ask('limit', bytes === null ? 'none' : String(bytes), ...names)
      return true
    },
  }
}
