import type { StorageDriverName } from '../../../shared/storage-driver-name'

/** One volume and the new one that is to be like it. */
export interface VolumeCopy {
  from: string
  to: string
  /** Of the new volume. */
  labels: Record<string, string>
}

export interface CopyProgress {
  doneBytes: number
  /** null while it is being counted. It grows when the source does. */
  totalBytes: number | null
}

export interface CopyOptions {
  /**
   * Runs `during` while the source stands still (paused), and lets the source go on afterwards whatever happens. Called at most
   * once. null when nothing writes to the source: then one pass is enough.
   */
  freeze: ((during: () => Promise<void>) => Promise<void>) | null
  signal: AbortSignal
  /** Not called where a copy takes no bytes. */
  onProgress(progress: CopyProgress): void
}

export interface VolumeUse {
  /** On disk, holes and file system overhead of the driver as the driver counts them. */
  bytes: number
  /** What removing the volume would free; null where it cannot be told. */
  exclusiveBytes: number | null
}

/**
 * One way of keeping volumes. Every method can be called again after it was cut off at any point. All throw
 * ENGINE_UNREACHABLE, ENGINE_REFUSED or DISK_FULL when the engine cannot do it.
 */
export interface StorageDriver {
  readonly name: StorageDriverName
  /** Makes an empty volume; nothing if it is there with the same `dev.berth.id`. Throws FOREIGN_RESOURCE if it is another's. */
  create(name: string, labels: Record<string, string>): Promise<void>
  /** Removes the volume with all its data, also what a copy that broke off has left of it. It being gone is fine. */
  remove(name: string): Promise<void>
  /**
   * Copies volumes of this driver to new ones, all as they are at one moment. When it fails or is aborted nothing of the targets
   * is left and the source goes on. Throws DISK_FULL, CANCELLED, and FOREIGN_RESOURCE when a target exists already.
   */
  copy(copies: VolumeCopy[], options: CopyOptions): Promise<void>
  /** What each volume takes on disk; those that do not exist are left out. */
  measure(names: string[], signal: AbortSignal): Promise<Map<string, VolumeUse>>
  /** Bytes which the volumes together may take from now on; null lifts the limit. False where it cannot be enforced, as when the data of one is gone. */
  limit(names: string[], bytes: number | null): Promise<boolean>
}
