import type { StorageDriverName } from '../../shared/storage-driver-name'
import type { ContainerSummary } from '../engine/containers'
import type { VolumeSummary } from '../engine/volumes'
import { createBtrfsDriver } from './drivers/btrfs-driver'
import { createPool, type PoolInfo } from './drivers/btrfs-pool'
import { createPlainDriver } from './drivers/plain-driver'
import { LABEL_ROLE, ROLE_HELPER, type StorageContext } from './drivers/storage-context'
import type { StorageDriver } from './drivers/storage-driver'
import { createVolumeTransfer, type VolumeTransfer } from './drivers/volume-transfer'
import { createFreeSpace, type FreeSpace } from './free-space'

export interface StorageInfo {
  /** null while there is none. */
  pool: PoolInfo | null
  /** Why this engine cannot have a pool, in words; null when it can, or has. */
  obstacle: string | null
}

/** Where the workspaces' data is. */
export interface Storage {
  driver(name: StorageDriverName): StorageDriver
  /** Which driver keeps the volume; null when there is no such volume. */
  driverOf(volume: string): Promise<StorageDriverName | null>
  freeSpace: FreeSpace
  /** From one driver to the other. */
  transfer: VolumeTransfer
  /**
   * Asks the engine; where there is no pool, one is tried on a small file. That takes about a second, and is done once for each
   * connection.
   */
  info(): Promise<StorageInfo>
  /** The pool alone; null while there is none. */
  pool(): Promise<PoolInfo | null>
  /** Makes the pool; nothing if there is one. Throws DISK_FULL, ENGINE_REFUSED. */
  enablePool(options: { sizeBytes: number }): Promise<void>
  /** While workspaces run on it. Throws DISK_FULL when the engine's disk has not that much. */
  growPool(options: { sizeBytes: number }): Promise<void>
  /** After each connection, before workspaces on it are started; cheap when there is no pool. */
  attachPool(): Promise<void>
  /** Throws ENGINE_REFUSED, naming it, when something is on it or is being made on it. */
  disablePool(): Promise<void>
  /** At each connection: removes helper containers (of those listed) that nobody holds: a killed process or a lost connection left them. */
  removeLeftHelpers(listed: ContainerSummary[]): Promise<void>
  /** At start, before anything is recovered: removes half-made volumes of the pool. */
  sweep(): Promise<void>
  /** Names of the volumes in the pool, whether or not the engine has a volume for them; empty without a pool. */
  subvolumes(): Promise<string[]>
  /** Gives what is recorded and still in the pool its engine volume again. */
  restoreVolumes(): Promise<void>
  /** Ends the helper that serves the pool; everything stays attached. */
  close(): Promise<void>
}

export function createStorage(context: StorageContext): Storage {
  const pool = createPool(context)
  const drivers: Record<StorageDriverName, StorageDriver> = {
    plain: createPlainDriver(context),
    btrfs: createBtrfsDriver(context, pool),
  }
  const { volumes, containers } = context.engine
  const nameOf = (volume: VolumeSummary): StorageDriverName => (pool.isOwn(volume) ? 'btrfs' : 'plain')

  async function removeLeftHelpers(listed: ContainerSummary[]): Promise<void> {
    const left = listed.filter(({ labels }) => labels[LABEL_ROLE] === ROLE_HELPER && !context.engine.helpers.isHeld(labels))
    for (const { id } of left) await containers.remove(id)
  }

  /** Forgotten with the connection: the next one can lead to another engine. */
  let probed: Promise<string | null> | null = null
  function obstacle(): Promise<string | null> {
    const probing = probed ?? pool.obstacle()
    probed = probing
    probing.catch(() => {
      if (probed === probing) probed = null
    })
    return probing
  }

  return {
    driver: (name) => drivers[name],
    async driverOf(name) {
      const volume = await volumes.inspect(name)
      return volume && nameOf(volume)
    },
    freeSpace: createFreeSpace(context, pool, drivers),
    transfer: createVolumeTransfer(context, pool, drivers),
    async info() {
      const info = await pool.info()
      return { pool: info, obstacle: info ? null : await obstacle() }
    },
    pool: () => pool.info(),
    enablePool: ({ sizeBytes }) => pool.enable(sizeBytes),
    growPool: ({ sizeBytes }) => pool.grow(sizeBytes),
    attachPool() {
      probed = null
      return pool.attach()
    },
    disablePool: () => pool.disable(),
    removeLeftHelpers,
    async sweep() {
      await pool.manager.close()
      await pool.sweep()
    },
    subvolumes: () => pool.subvolumes(),
    restoreVolumes: () => pool.restoreVolumes(),
    close: () => pool.manager.close(),
  }
}
