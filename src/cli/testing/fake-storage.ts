import type { CleanupItem, StorageInfo, StorageUsage } from '../../shared/contract/storage'

const GIB = 1024 ** 3

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
        homeBytes: 1024 ** 2,
        dockerBytes: null,
        layerBytes: 0,
        snapshotBytes: 0,
      },
      ...{ totalBytes: null, limitedBytes: null, limitBytes: null, limitEnforced: false },
    },
    {
      ...{
        workspaceId: 'id-demo',
        name: 'demo',
        storage: 'btrfs',
        homeBytes: 5 * GIB,
        dockerBytes: 3 * GIB,
        layerBytes: 200 * 1024 ** 2,
        snapshotBytes: 1 * GIB,
      },
      ...{ totalBytes: 9.5 * GIB, limitedBytes: 9 * GIB, limitBytes: 10 * GIB, limitEnforced: true },
    },
  ],
  imagesBytes: 400 * 1024 ** 2,
  buildCacheBytes: null,
  pool: { sizeBytes: 50 * GIB, usedBytes: 9 * GIB, freeBytes: 41 * GIB },
  disk: { totalBytes: 100 * GIB, freeBytes: 40 * GIB },
  totalBytes: 9.5 * GIB,
  totalLimitBytes: 50 * GIB,
  warnings: [
    { of: 'workspace', workspaceId: 'id-demo', message: 'demo uses 9 GiB of 10 GiB (90 %).', usedBytes: 9 * GIB, limitBytes: 10 * GIB },
  ],
}

export const fakeCleanup: CleanupItem[] = [
  { id: 'volume:workspace-old', kind: 'volume', title: 'Volume workspace-old', detail: 'Of old.', bytes: 2 * 1024 ** 2 },
  { id: 'build-cache', kind: 'build-cache', title: 'Build cache', detail: 'Of all builds.', bytes: null },
]
