import type { StorageUsage, WorkspaceUsage } from '../../../shared/contract/storage'
import type { BarPart } from '../../ui/stacked-bar'

/** What the data of a workspace is made of, in the order of the bars. */
export const PARTS = [
  { key: 'home', label: 'Home', fill: 'bg-part-home' },
  { key: 'docker', label: 'Docker', fill: 'bg-part-docker' },
  { key: 'layer', label: 'Layer', fill: 'bg-part-layer' },
  { key: 'snapshots', label: 'Snapshots', fill: 'bg-part-snapshots' },
] as const
export type PartKey = (typeof PARTS)[number]['key']

export function partBytes(usage: WorkspaceUsage, key: PartKey): number | null {
  switch (key) {
    case 'home':
      return usage.homeBytes
    case 'docker':
      return usage.dockerBytes
    case 'layer':
      return usage.layerBytes
    case 'snapshots':
      return usage.snapshotBytes
    default:
      return key satisfies never
  }
}

/** What could not be measured is left out. */
export function workspaceParts(usage: WorkspaceUsage): BarPart[] {
  return PARTS.map((part) => ({ ...part, bytes: partBytes(usage, part.key) ?? 0 }))
}

/** All that is known of it. */
export function measuredBytes(usage: WorkspaceUsage): number {
  return usage.totalBytes ?? workspaceParts(usage).reduce((sum, { bytes }) => sum + bytes, 0)
}

export type StorageOrder = 'size' | 'name'

export function sortUsage(workspaces: readonly WorkspaceUsage[], order: StorageOrder): WorkspaceUsage[] {
  const byName = (a: WorkspaceUsage, b: WorkspaceUsage) => a.name.localeCompare(b.name, 'en', { numeric: true })
  return workspaces.toSorted(order === 'name' ? byName : (a, b) => measuredBytes(b) - measuredBytes(a) || byName(a, b))
}

/** A limit that is far beyond all there is would leave nothing to see of the bars. */
const FURTHEST_LIMIT = 3

/** Bytes that the whole width of the bars stands for: one scale for all, so that they can be compared. */
export function barScale(workspaces: readonly WorkspaceUsage[]): number {
  const largest = Math.max(1, ...workspaces.map(measuredBytes))
  const limits = workspaces.flatMap(({ limitBytes }) => (limitBytes !== null && limitBytes <= largest * FURTHEST_LIMIT ? [limitBytes] : []))
  return Math.max(largest, ...limits)
}

/** From here on a limit is nearly reached: the share at which Berth warns too. */
const NEARLY_FULL = 0.9

export function isNearlyFull(usedBytes: number, limitBytes: number | null): boolean {
  return limitBytes !== null && usedBytes >= limitBytes * NEARLY_FULL
}

/** What the engine's disk holds: Berth's own, and the rest as one. */
export function diskParts({ disk, totalBytes, imagesBytes, buildCacheBytes }: StorageUsage): BarPart[] {
  if (disk === null) return []
  const own = [
    { key: 'workspaces', label: 'Workspaces', fill: 'bg-part-home', bytes: totalBytes },
    ...(imagesBytes === null ? [] : [{ key: 'images', label: 'Berth’s images', fill: 'bg-part-docker', bytes: imagesBytes }]),
    ...(buildCacheBytes === null ? [] : [{ key: 'cache', label: 'Build cache', fill: 'bg-part-layer', bytes: buildCacheBytes }]),
  ]
  const used = disk.totalBytes - disk.freeBytes
  const others = Math.max(0, used - own.reduce((sum, { bytes }) => sum + bytes, 0))
  return [...own, { key: 'others', label: 'Everything else', fill: 'bg-part-other', bytes: others }]
}
