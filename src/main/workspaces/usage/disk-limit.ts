import { formatBytes } from '../../../shared/byte-size'
import type { StorageUsage } from '../../../shared/contract/storage'
import { BerthError } from '../../../shared/errors'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import type { VolumeNames } from '../base/workspace-resources'

type LimitedRecord = Pick<WorkspaceRecord, 'storage' | 'limits'>

/** Has the driver hold new volumes to the workspace's limit from now on, where it can and there is one. */
export async function applyDiskLimit(
  services: Pick<LifecycleServices, 'storage'>,
  record: LimitedRecord,
  volumes: VolumeNames,
): Promise<void> {
  if (record.limits.diskBytes !== null) await renewDiskLimit(services, record, volumes)
}

/**
 * The same for volumes that may have had another limit, or none. Does nothing if the data of one is gone: it gets the limit when it is
 * created.
 */
export async function renewDiskLimit(
  { storage }: Pick<LifecycleServices, 'storage'>,
  { storage: driver, limits }: LimitedRecord,
  { home, docker }: VolumeNames,
): Promise<void> {
  await storage(driver).limit([home, docker], limits.diskBytes)
}

/** A copy that is to be made, in bytes. What is not known (null) is not held against it. */
export interface PlannedCopy {
  /** Of the workspace that is to have the copy: its name now or then. */
  workspace: string
  limitBytes: number | null
  /** What it has now that counts for the limit; 0 for one that is to be made. */
  usedBytes: number | null
  /** What the copy adds to that. */
  addedBytes: number | null
  /** What the copy takes on disk when it is made, for the limit of all: little on the pool, where files are shared. */
  writtenBytes: number | null
}

/** Throws LIMIT_REACHED when the copy would go past the workspace's limit or that of all. */
export function assertWithinLimits(copy: PlannedCopy, all: Pick<StorageUsage, 'totalBytes' | 'totalLimitBytes'>): void {
  const { workspace, limitBytes } = copy
  const used = copy.usedBytes ?? 0
  const added = copy.addedBytes ?? 0
  if (limitBytes !== null && used + added > limitBytes) {
    throw reached({ workspace, limitBytes, usedBytes: used, neededBytes: added })
  }
  const written = copy.writtenBytes ?? 0
  if (all.totalLimitBytes !== null && all.totalBytes + written > all.totalLimitBytes) {
    throw reached({ workspace: null, limitBytes: all.totalLimitBytes, usedBytes: all.totalBytes, neededBytes: written })
  }
}

function reached(data: {
  workspace: string | null
  limitBytes: number
  usedBytes: number
  neededBytes: number
}): BerthError<'LIMIT_REACHED'> {
  const { workspace, limitBytes, usedBytes, neededBytes } = data
  const [subject, remedy] =
    workspace === null
      ? ['All workspaces together', 'raise the limit for all workspaces (berth storage limit --total)']
      : [workspace, `raise the limit of ${workspace} (berth storage limit)`]
  const words = `The disk limit would be exceeded. ${subject}: limit ${formatBytes(limitBytes)}, in use ${formatBytes(usedBytes)}, the copy adds ${formatBytes(neededBytes)}.`
  return new BerthError('LIMIT_REACHED', words, { ...data, next: `Delete snapshots or files that you no longer need, or ${remedy}.` })
}
