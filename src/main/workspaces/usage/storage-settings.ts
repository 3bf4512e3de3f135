import type { StorageInfo } from '../../../shared/contract/storage'
import type { SettingsStore } from '../../settings/settings'
import type { Storage } from '../../storage/storage'

/** The choice of where data is: the pool, and whether new workspaces are made on it. */
export interface StorageSettings {
  info(): Promise<StorageInfo>
  /** Makes the pool, or lets it grow to that size, and has new workspaces made on it. Throws ENGINE_REFUSED with the obstacle, DISK_FULL. */
  enable(sizeBytes: number): Promise<StorageInfo>
  /** Throws ENGINE_REFUSED, naming them, while volumes are on the pool. */
  disable(): Promise<StorageInfo>
}

export function createStorageSettings(storage: Storage, settings: SettingsStore): StorageSettings {
  async function info(): Promise<StorageInfo> {
    const { pool, obstacle } = await storage.info()
    return {
      newWorkspaces: settings.get().newWorkspaceStorage,
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
      settings.update({ newWorkspaceStorage: 'btrfs' })
      return info()
    },
    async disable() {
      await storage.disablePool()
      settings.update({ newWorkspaceStorage: 'plain' })
      return info()
    },
  }
}
