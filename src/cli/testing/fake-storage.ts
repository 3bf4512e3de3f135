import type { CleanupItem, StorageInfo, StorageUsage } from '../../shared/contract/storage'

export const fakeStorage: StorageInfo = { newWorkspaces: 'plain', pool: null, obstacle: null }

/** Two workspaces, one of them nearly at its limit. */
export const fakeUsage: StorageUsage = {
  measuredAt: '2026-01-01T00:00:00.000Z',
  workspaces: [
    {
      ...{
        workspaceId: 'id-other',
        name: 'other',
        storage: 'plain',
        homeBytes: 1_000_000,
        dockerBytes: null,
        layerBytes: 0,
        snapshotBytes: 0,
      },
      ...{ totalBytes: null, limitedBytes: null, limitBytes: null, limitEnforced: false },
    },
    {
      ...{ workspaceId: 'id-demo', name: 'demo', storage: 'btrfs', homeBytes: 5e9, dockerBytes: 3e9, layerBytes: 2e8, snapshotBytes: 1e9 },
      ...{ totalBytes: 9.2e9, limitedBytes: 9e9, limitBytes: 10e9, limitEnforced: true },
    },
  ],
  imagesBytes: 4e8,
  buildCacheBytes: null,
  pool: { sizeBytes: 50e9, usedBytes: 9e9, freeBytes: 41e9 },
  disk: { totalBytes: 100e9, freeBytes: 40e9 },
  totalBytes: 9.3e9,
  totalLimitBytes: 50e9,
  warnings: [
    { of: 'workspace', workspaceId: 'id-demo', message: 'demo takes 9.0 GB of 10.0 GB (90 %).', usedBytes: 9e9, limitBytes: 10e9 },
  ],
}

export const fakeCleanup: CleanupItem[] = [
  { id: 'volume:workspace-old', kind: 'volume', title: 'Volume workspace-old', detail: 'Of old.', bytes: 2_000_000 },
  { id: 'build-cache', kind: 'build-cache', title: 'Build cache', detail: 'Of all builds.', bytes: null },
]
