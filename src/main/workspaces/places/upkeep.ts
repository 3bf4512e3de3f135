import type { BerthEvent } from '../../../shared/contract/events'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Operations } from '../../operations/operations'
import { readInventory } from '../base/inventory'
import type { LifecycleServices } from '../base/lifecycle-services'
import { createLosses, type Losses, snapshotView } from '../base/losses'
import { createDoctor, type Doctor } from '../doctor/doctor'
import { createProtection, type Protection } from '../protection/protection'
import { type CleanupWork, createCleanupWork } from '../usage/cleanup'
import { type CopyLimits, createCopyLimits } from '../usage/copy-limits'
import { createImageList, type ImageList } from '../usage/image-list'
import { createLiveStats, type LiveStats } from '../usage/live-stats'
import { createStorageSettings, type StorageSettings } from '../usage/storage-settings'
import { createStorageUsages, type StorageUsages } from '../usage/storage-usage'
import type { EnginePlace } from './engine-place'

/** What looks after one engine as a whole. */
export interface Upkeep {
  losses: Losses
  protection: Protection
  doctor: Doctor
  usages: StorageUsages
  copyLimits: CopyLimits
  cleanup: CleanupWork
  imageList: ImageList
  stats: LiveStats
  storageSettings: StorageSettings
}

interface UpkeepOptions {
  /** Of that place. */
  services: LifecycleServices
  operations: Operations
  emit: (event: BerthEvent) => void
  /** What new workspaces of that place are to be made on. */
  setNewStorage: (driver: StorageDriverName) => Promise<void>
}

export function createUpkeep(place: EnginePlace, { services, operations, emit, setNewStorage }: UpkeepOptions): Upkeep {
  const { engine, images, keepers, storageOfEngine: storage, placeRecords: records } = place
  // What measures, cleans up and protects takes what lives elsewhere for nothing of its own.
  const here = { ...services, records }
  const losses = createLosses({
    records,
    inventory: () => readInventory(engine, records, services.installationId),
    isBusy: (workspaceId) => operations.activeOn(workspaceId) !== null,
    onSnapshot(snapshot) {
      emit({ type: 'snapshot-changed', snapshot: snapshotView(snapshot, losses) })
      // A keeper may still hold an image that has lost its name.
      protection.onChange()
    },
    onWorkspace: (workspaceId) => services.registry.publish(workspaceId),
  })
  const protection = createProtection({ ...here, images }, keepers, operations)
  const usages = createStorageUsages({ ...here, storage, images })
  return {
    losses,
    protection,
    doctor: createDoctor({ services: here, operations, storage, protection, losses }),
    usages,
    copyLimits: createCopyLimits(here, usages),
    // With all records: what a workspace elsewhere has here may be the rest of an interrupted move.
    cleanup: createCleanupWork({ ...services, storage, images }, operations),
    imageList: createImageList({ ...here, images }),
    stats: createLiveStats(engine),
    storageSettings: createStorageSettings(storage, { newStorage: place.newStorage, update: setNewStorage }),
  }
}
