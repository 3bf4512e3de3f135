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
  /** What removing the volume would free; null if unknown. */
  exclusiveBytes: number | null
}

/**
 * One way of keeping volumes. Every method can be called again after it was cut off at any point. All throw
 * ENGINE_UNREACHABLE, ENGINE_REFUSED or DISK_FULL when the engine cannot do it.
 */
export interface StorageDriver {
  readonly name: StorageDriverName
  /** Creates an empty volume; does nothing if it exists with the same `dev.berth.id`. Throws FOREIGN_RESOURCE if it belongs to another. */
  create(name: string, labels: Record<string, string>): Promise<void>
  /** Removes the volume with all its data, including leftovers of an interrupted copy. It is fine if it is already gone. */
  remove(name: string): Promise<void>
  /**
   * Copies volumes of this driver to new ones, all from the same moment. When it fails or is aborted, nothing is left of the targets and
   * the source keeps running. Throws DISK_FULL, CANCELLED, and FOREIGN_RESOURCE if a target already exists.
   */
  copy(copies: VolumeCopy[], options: CopyOptions): Promise<void>
  /** What each volume takes on disk; those that do not exist are left out. */
  measure(names: string[], signal: AbortSignal): Promise<Map<string, VolumeUse>>
  /**
   * Bytes that the volumes can use together from now on; null removes the limit. False if it cannot be enforced, for example because data
   * is missing.
   */
  limit(names: string[], bytes: number | null): Promise<boolean>
}
