import type { WorkspaceUsage } from '../../shared/contract/storage'
import type { SnapshotRecord, WorkspaceRecord } from '../settings/records'
import type { VolumeUse } from '../storage/storage-driver'
import { assertWithinLimits, type PlannedCopy } from './disk-limit'
import type { LifecycleServices } from './lifecycle-services'
import type { MeasuredStorage, StorageUsages } from './storage-usage'
import { sum } from './usage-arithmetic'
import type { VolumeNames } from './workspace-resources'

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
  /** `bytes`: of the volumes in the file. */
  import(name: string, bytes: number): Promise<void>
}

export function createCopyLimits(
  { settings }: Pick<LifecycleServices, 'settings'>,
  usages: Pick<StorageUsages, 'measureWorkspaces'>,
): CopyLimits {
  async function check(limitBytes: number | null, plan: (measured: MeasuredStorage) => PlannedCopy): Promise<void> {
    if (limitBytes === null && settings().totalDiskBytes === null) return
    const measured = await usages.measureWorkspaces(new AbortController().signal)
    assertWithinLimits(plan(measured), measured)
  }

  return {
    clone: (original, { name, limits }) =>
      check(limits.diskBytes, (measured) => {
        const source = usageOf(measured, original.id)
        const bytes = source && sum([source.homeBytes, source.dockerBytes])
        const written = original.storage === 'btrfs' ? 0 : bytes
        return {
          ...{ workspace: name, limitBytes: limits.diskBytes, usedBytes: 0, addedBytes: bytes },
          writtenBytes: sum([written, source?.layerBytes ?? 0]),
        }
      }),
    snapshot: (record) =>
      check(record.limits.diskBytes, (measured) => {
        const use = usageOf(measured, record.id)
        const bytes = record.storage === 'btrfs' ? 0 : use && sum([use.homeBytes, use.dockerBytes])
        return {
          ...{ workspace: record.name, limitBytes: record.limits.diskBytes, usedBytes: use?.limitedBytes ?? null, addedBytes: bytes },
          writtenBytes: sum([bytes, use?.layerBytes ?? 0]),
        }
      }),
    restore: (record, snapshot, keep) =>
      check(record.limits.diskBytes, (measured) => {
        const use = usageOf(measured, record.id)
        const restored = bytesOf(measured.volumes, snapshot.volumes)
        const before = use && sum([use.homeBytes, use.dockerBytes])
        const written = snapshot.storage === 'btrfs' ? 0 : restored
        // On the pool what is kept shares its files with what is restored; the file system counts the restored volumes alone.
        const stays =
          keep && snapshot.storage === 'plain' ? use?.limitedBytes : sum([use?.limitedBytes ?? null, before === null ? null : -before])
        return {
          ...{ workspace: record.name, limitBytes: record.limits.diskBytes, usedBytes: stays ?? null },
          ...{ addedBytes: restored, writtenBytes: written },
        }
      }),
    restoreAs: (snapshot, { name, limits }) =>
      check(limits.diskBytes, ({ volumes }) => {
        const bytes = bytesOf(volumes, snapshot.volumes)
        const written = snapshot.storage === 'btrfs' ? 0 : bytes
        return { workspace: name, limitBytes: limits.diskBytes, usedBytes: 0, addedBytes: bytes, writtenBytes: written }
      }),
    import: (name, bytes) =>
      check(null, () => ({ workspace: name, limitBytes: null, usedBytes: 0, addedBytes: bytes, writtenBytes: bytes })),
  }
}

function usageOf({ workspaces }: MeasuredStorage, id: string): WorkspaceUsage | null {
  return workspaces.find(({ workspaceId }) => workspaceId === id) ?? null
}

function bytesOf(volumes: Map<string, VolumeUse>, { home, docker }: VolumeNames): number | null {
  return sum([volumes.get(home)?.bytes ?? null, volumes.get(docker)?.bytes ?? null])
}
