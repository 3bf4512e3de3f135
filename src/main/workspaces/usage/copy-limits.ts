import type { WorkspaceUsage } from '../../../shared/contract/storage'
import type { Records, SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import type { VolumeUse } from '../../storage/drivers/storage-driver'
import type { LifecycleServices } from '../base/lifecycle-services'
import type { VolumeNames } from '../base/workspace-resources'
import { assertWithinLimits, type PlannedCopy } from './disk-limit'
import type { StorageUsages } from './storage-usage'
import { sum } from './usage-arithmetic'

/**
 * Whether there is room within the limits for a copy; each throws LIMIT_REACHED if not. Measured only where a limit is set. Two
 * copies that begin at once are not held against each other.
 */
export interface CopyLimits {
  clone(original: WorkspaceRecord, copy: Pick<WorkspaceRecord, 'name' | 'limits'>): Promise<void>
  snapshot(record: WorkspaceRecord): Promise<void>
  /** `keep`: the state before stays as a snapshot. */
  restore(record: WorkspaceRecord, snapshot: SnapshotRecord, keep: boolean): Promise<void>
  restoreAs(snapshot: SnapshotRecord, copy: Pick<WorkspaceRecord, 'name' | 'limits'>): Promise<void>
  /** `bytes`: of what is in the file. */
  import(record: WorkspaceRecord, bytes: number): Promise<void>
}

interface Measured {
  /** Of the workspace that is copied. */
  use: WorkspaceUsage | null
  volumes: Map<string, VolumeUse>
}

type Services = Pick<LifecycleServices, 'settings'> & { records: Pick<Records, 'get'> }

export function createCopyLimits(
  { settings, records }: Services,
  usages: Pick<StorageUsages, 'measureWorkspaces' | 'measureOne'>,
): CopyLimits {
  async function check(originalId: string | null, limitBytes: number | null, plan: (measured: Measured) => PlannedCopy): Promise<void> {
    const { signal } = new AbortController()
    const original = originalId === null ? null : records.get(originalId)
    if (settings().totalDiskBytes !== null) {
      const { workspaces, volumes, ...all } = await usages.measureWorkspaces(signal)
      const use = workspaces.find(({ workspaceId }) => workspaceId === originalId) ?? null
      assertWithinLimits(plan({ use, volumes }), all)
    } else if (limitBytes !== null && original) {
      const { usage, volumes } = await usages.measureOne(original, signal)
      assertWithinLimits(plan({ use: usage, volumes }), { totalBytes: 0, totalLimitBytes: null })
    }
  }

  return {
    clone: (original, { name, limits: { diskBytes: limitBytes } }) =>
      check(original.id, limitBytes, ({ use }) => {
        const written = original.storage === 'btrfs' ? 0 : volumeBytes(use)
        return { workspace: name, limitBytes, usedBytes: 0, addedBytes: volumeBytes(use), writtenBytes: withLayer(written, use) }
      }),
    snapshot: ({ id, name, storage, limits: { diskBytes: limitBytes } }) =>
      check(id, limitBytes, ({ use }) => {
        const addedBytes = storage === 'btrfs' ? 0 : volumeBytes(use)
        const usedBytes = use?.limitedBytes ?? null
        return { workspace: name, limitBytes, usedBytes, addedBytes, writtenBytes: withLayer(addedBytes, use) }
      }),
    restore: ({ id, name, limits: { diskBytes: limitBytes } }, snapshot, keep) =>
      check(id, limitBytes, ({ use, volumes }) => {
        const addedBytes = bytesOf(volumes, snapshot.volumes)
        const isShared = snapshot.storage === 'btrfs'
        // On the pool, the saved state shares its files with the restored one; the file system only counts the restored volumes.
        const usedBytes = keep && !isShared ? (use?.limitedBytes ?? null) : (use?.snapshotBytes ?? null)
        return { workspace: name, limitBytes, usedBytes, addedBytes, writtenBytes: isShared ? 0 : addedBytes }
      }),
    restoreAs: (snapshot, { name, limits: { diskBytes: limitBytes } }) =>
      check(snapshot.workspaceId, limitBytes, ({ volumes }) => {
        const addedBytes = bytesOf(volumes, snapshot.volumes)
        return { workspace: name, limitBytes, usedBytes: 0, addedBytes, writtenBytes: snapshot.storage === 'btrfs' ? 0 : addedBytes }
      }),
    import: ({ name }, bytes) =>
      check(null, null, () => ({ workspace: name, limitBytes: null, usedBytes: 0, addedBytes: bytes, writtenBytes: bytes })),
  }
}

/** Each copy is held against the limits of the engine that it is made on. */
export function placedCopyLimits(at: (placed: { place: string }) => CopyLimits): CopyLimits {
  return {
    clone: (original, copy) => at(original).clone(original, copy),
    snapshot: (record) => at(record).snapshot(record),
    restore: (record, snapshot, keep) => at(record).restore(record, snapshot, keep),
    restoreAs: (snapshot, copy) => at(snapshot).restoreAs(snapshot, copy),
    import: (record, bytes) => at(record).import(record, bytes),
  }
}

function volumeBytes(use: WorkspaceUsage | null): number | null {
  return use && sum([use.homeBytes, use.dockerBytes])
}

function withLayer(bytes: number | null, use: WorkspaceUsage | null): number | null {
  return sum([bytes, use?.layerBytes ?? 0])
}

function bytesOf(volumes: Map<string, VolumeUse>, { home, docker }: VolumeNames): number | null {
  return sum([volumes.get(home)?.bytes ?? null, volumes.get(docker)?.bytes ?? null])
}
