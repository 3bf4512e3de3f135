import { describe, expect, it } from 'vitest'
import type { StorageUsage, WorkspaceUsage } from '../../../shared/contract/storage'
import { barScale, diskParts, isNearlyFull, measuredBytes, sortUsage } from './storage-parts'

const usage = (more: Partial<WorkspaceUsage>): WorkspaceUsage => ({
  workspaceId: 'w',
  name: 'demo',
  storage: 'plain',
  homeBytes: 1,
  dockerBytes: 2,
  layerBytes: 3,
  snapshotBytes: 4,
  totalBytes: 10,
  limitedBytes: 7,
  limitBytes: null,
  limitEnforced: false,
  ...more,
})

describe('the bars of what workspaces take', () => {
  it('count what is known where the whole is not', () => {
    expect(measuredBytes(usage({ totalBytes: null, layerBytes: null }))).toBe(7)
  })

  it('are in the order of size, or of the names as people count', () => {
    const all = [usage({ name: 'api-10', totalBytes: 1 }), usage({ name: 'api-2', totalBytes: 9 }), usage({ name: 'web', totalBytes: 5 })]
    expect(sortUsage(all, 'size').map(({ name }) => name)).toEqual(['api-2', 'web', 'api-10'])
    expect(sortUsage(all, 'name').map(({ name }) => name)).toEqual(['api-2', 'api-10', 'web'])
  })

  it('reach as far as the largest, or a limit that is near', () => {
    expect(barScale([usage({ totalBytes: 10 }), usage({ totalBytes: 40 })])).toBe(40)
    expect(barScale([usage({ totalBytes: 10, limitBytes: 25 })])).toBe(25)
    expect(barScale([usage({ totalBytes: 10, limitBytes: 1000 })])).toBe(10)
    expect(barScale([])).toBe(1)
  })

  it('are nearly full from 90 % on', () => {
    expect(isNearlyFull(90, 100)).toBe(true)
    expect(isNearlyFull(89, 100)).toBe(false)
    expect(isNearlyFull(89, null)).toBe(false)
  })
})

describe('the bar of the engine’s disk', () => {
  const disk = (more: Partial<StorageUsage>): StorageUsage => ({
    measuredAt: '2026-01-01T00:00:00Z',
    workspaces: [],
    imagesBytes: 20,
    buildCacheBytes: null,
    pool: null,
    disk: { totalBytes: 100, freeBytes: 40 },
    totalBytes: 30,
    totalLimitBytes: null,
    warnings: [],
    ...more,
  })

  it('has everything that is not Berth’s as one part', () => {
    expect(diskParts(disk({})).map(({ key, bytes }) => [key, bytes])).toEqual([
      ['workspaces', 30],
      ['images', 20],
      ['others', 10],
    ])
  })

  it('never has less than nothing of the rest', () => {
    expect(diskParts(disk({ totalBytes: 90 })).at(-1)?.bytes).toBe(0)
  })

  it('is empty where the disk cannot be told', () => {
    expect(diskParts(disk({ disk: null }))).toEqual([])
  })
})
