import type { StorageInfo } from '../../../shared/contract/storage'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Storage } from '../../storage/storage'

/** The choice of where data is: the pool, and whether new workspaces are made on it. */
export interface StorageSettings {
  info(): Promise<StorageInfo>
  /** Makes the pool, or lets it grow to that size, and has new workspaces made on it. Throws ENGINE_REFUSED with the obstacle, DISK_FULL. */
  enable(sizeBytes: number): Promise<StorageInfo>
  /** Throws ENGINE_REFUSED, naming them, while volumes are on the pool. */
  disable(): Promise<StorageInfo>
}

/** What new workspaces of that engine are made on. */
interface NewStorage {
  newStorage(): StorageDriverName
  update(driver: StorageDriverName): Promise<void>
}

export function createStorageSettings(storage: Storage, newStorage: NewStorage): StorageSettings {
  async function info(): Promise<StorageInfo> {
    const { pool, obstacle } = await storage.info()
    return {
      newWorkspaces: newStorage.newStorage(),
      pool: pool && { sizeBytes: pool.sizeBytes, usedBytes: pool.usedBytes, freeBytes: pool.freeBytes },
      obstacle,
    }
  }
  return {
    info,
    async enable(sizeBytes) {
      const { pool } = await storage.info()
      if (pool === null) await storage.enablePool({ sizeBytes })
      else if (pool.sizeBytes < sizeBytes) await storage.growPool({ sizeBytes })
      await newStorage.update('btrfs')
      return info()
    },
    async disable() {
      await storage.disablePool()
      await newStorage.update('plain')
      return info()
    },
  }
}
