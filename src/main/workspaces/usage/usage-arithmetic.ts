import { formatBytes } from '../../../shared/byte-size'
import type { StorageUsage, StorageWarning, WorkspaceUsage } from '../../../shared/contract/storage'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import type { VolumeUse } from '../../storage/drivers/storage-driver'

/** From this share of a limit on it is warned of. */
const WARNING_SHARE = 0.9

export interface MeasuredWorkspace {
  record: Pick<WorkspaceRecord, 'id' | 'name' | 'storage' | 'volumes' | 'limits'>
  snapshots: Pick<SnapshotRecord, 'volumes'>[]
  layerBytes: number | null
}

/** What one workspace takes. A snapshot on the pool counts with what it does not share. */
export function workspaceUsage({ record, snapshots, layerBytes }: MeasuredWorkspace, volumes: Map<string, VolumeUse>): WorkspaceUsage {
  const homeBytes = volumes.get(record.volumes.home)?.bytes ?? null
  const dockerBytes = volumes.get(record.volumes.docker)?.bytes ?? null
  const ofSnapshots = snapshots.flatMap(({ volumes: { home, docker } }) => [home, docker])
  const snapshotBytes = sum(ofSnapshots.map((name) => ownBytes(volumes.get(name))))
  const limitedBytes = sum([homeBytes, dockerBytes, snapshotBytes])
  return {
    workspaceId: record.id,
    name: record.name,
    storage: record.storage,
    homeBytes,
    dockerBytes,
    layerBytes,
    snapshotBytes,
    totalBytes: sum([limitedBytes, layerBytes]),
    limitedBytes,
    limitBytes: record.limits.diskBytes,
    limitEnforced: record.storage === 'btrfs' && record.limits.diskBytes !== null,
  }
}

function ownBytes(use: VolumeUse | undefined): number | null {
  return use ? (use.exclusiveBytes ?? use.bytes) : null
}

/** null when one of them is not known. */
export function sum(parts: (number | null)[]): number | null {
  return parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0)
}

/**
 * Bytes on disk of all workspaces together. On the pool files are shared, so that what the pool takes is what counts there. What
 * could not be measured is left out.
 */
export function totalBytes(workspaces: WorkspaceUsage[], pool: StorageUsage['pool']): number {
  const known = (parts: (number | null)[]) => parts.reduce<number>((total, part) => total + (part ?? 0), 0)
  const ownVolumes = workspaces
    .filter(({ storage }) => storage === 'plain' || pool === null)
    .flatMap(({ homeBytes, dockerBytes, snapshotBytes }) => [homeBytes, dockerBytes, snapshotBytes])
  return known([...ownVolumes, ...workspaces.map(({ layerBytes }) => layerBytes)]) + (pool?.usedBytes ?? 0)
}

/** All that is at 90 % or more, workspaces first. */
export function storageWarnings(
  usage: Pick<StorageUsage, 'workspaces' | 'pool' | 'disk' | 'totalBytes' | 'totalLimitBytes'>,
): StorageWarning[] {
  const { workspaces, pool, disk, totalBytes: used, totalLimitBytes } = usage
  const ofAll = { workspaceId: null }
  return [
    ...workspaces.flatMap(workspaceWarning),
    ...warning({ of: 'total', ...ofAll }, 'All workspaces together use', used, totalLimitBytes),
    ...(pool ? warning({ of: 'pool', ...ofAll }, 'The storage pool uses', pool.sizeBytes - pool.freeBytes, pool.sizeBytes) : []),
    ...(disk ? warning({ of: 'disk', ...ofAll }, 'The engine’s disk uses', disk.totalBytes - disk.freeBytes, disk.totalBytes) : []),
  ]
}

/** One at most. */
export function workspaceWarning({ workspaceId, name, limitedBytes, limitBytes }: WorkspaceUsage): StorageWarning[] {
  return warning({ of: 'workspace', workspaceId }, `${name} uses`, limitedBytes, limitBytes)
}

function warning(
  subject: Pick<StorageWarning, 'of' | 'workspaceId'>,
  words: string,
  usedBytes: number | null,
  limitBytes: number | null,
): StorageWarning[] {
  if (usedBytes === null || limitBytes === null || usedBytes < limitBytes * WARNING_SHARE) return []
  const percent = Math.floor((100 * usedBytes) / limitBytes)
  const message = `${words} ${formatBytes(usedBytes)} of ${formatBytes(limitBytes)} (${percent} %).`
  return [{ ...subject, message, usedBytes, limitBytes }]
}
