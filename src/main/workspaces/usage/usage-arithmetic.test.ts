import { describe, expect, it } from 'vitest'
import type { WorkspaceUsage } from '../../../shared/contract/storage'
import { NO_LIMITS } from '../../../shared/limits'
import type { VolumeUse } from '../../storage/drivers/storage-driver'
import { type MeasuredWorkspace, storageWarnings, totalBytes, workspaceUsage } from './usage-arithmetic'

const uses = (bytes: Record<string, number | [number, number]>) =>
  new Map<string, VolumeUse>(
    Object.entries(bytes).map(([name, use]) => [
      name,
      typeof use === 'number' ? { bytes: use, exclusiveBytes: null } : { bytes: use[0], exclusiveBytes: use[1] },
    ]),
  )

function measured(more: Partial<MeasuredWorkspace['record']> = {}, layerBytes: number | null = 5): MeasuredWorkspace {
  return {
    record: { id: 'w1', name: 'demo', storage: 'plain', volumes: { home: 'h', docker: 'd' }, limits: NO_LIMITS, ...more },
    snapshots: [{ volumes: { home: 'sh', docker: 'sd' } }],
    layerBytes,
  }
}

describe('the use of a workspace', () => {
  it('is its volumes, its snapshots and its layer; the layer does not count for the limit', () => {
    expect(workspaceUsage(measured({ limits: { ...NO_LIMITS, diskBytes: 200 } }), uses({ h: 100, d: 20, sh: 100, sd: 10 }))).toEqual({
      workspaceId: 'w1',
      name: 'demo',
      storage: 'plain',
      homeBytes: 100,
      dockerBytes: 20,
      layerBytes: 5,
      snapshotBytes: 110,
      totalBytes: 235,
      limitedBytes: 230,
      limitBytes: 200,
      limitEnforced: false,
    })
  })

  it('counts of a snapshot on the pool what it does not share', () => {
    const use = workspaceUsage(measured({ storage: 'btrfs' }), uses({ h: [100, 1], d: [20, 1], sh: [100, 7], sd: [20, 3] }))
    expect(use).toMatchObject({ homeBytes: 100, snapshotBytes: 10, limitedBytes: 130, limitEnforced: false })
  })

  it('has no sum when a part is not known', () => {
    expect(workspaceUsage(measured(), uses({ h: 100, sh: 1, sd: 1 }))).toMatchObject({
      homeBytes: 100,
      dockerBytes: null,
      totalBytes: null,
    })
    expect(workspaceUsage(measured({}, null), uses({ h: 1, d: 1, sh: 1, sd: 1 }))).toMatchObject({ limitedBytes: 4, totalBytes: null })
  })
})

const usage = (more: Partial<WorkspaceUsage>): WorkspaceUsage => ({
  ...workspaceUsage(measured(), uses({ h: 100, d: 20, sh: 100, sd: 10 })),
  ...more,
})

describe('the use of all', () => {
  it('counts what the pool takes once, instead of its volumes', () => {
    const pool = { sizeBytes: 1000, usedBytes: 150, freeBytes: 850 }
    expect(totalBytes([usage({}), usage({ storage: 'btrfs' }), usage({ storage: 'btrfs' })], pool)).toBe(235 + 150 + 5 + 5)
  })

  it('leaves out what is not known', () => {
    expect(totalBytes([usage({ dockerBytes: null }), usage({ layerBytes: null })], null)).toBe(215 + 230)
  })
})

describe('a warning', () => {
  const quiet = { workspaces: [], pool: null, disk: null, totalBytes: 0, totalLimitBytes: null }
  const GIB = 1024 ** 3

  it('comes at nine tenths of a limit, and not before', () => {
    const at = (limitedBytes: number | null) =>
      storageWarnings({ ...quiet, workspaces: [usage({ limitedBytes, limitBytes: 10 * GIB })] }).map(({ message }) => message)
    expect(at(9 * GIB - 1)).toEqual([])
    expect(at(9 * GIB)).toEqual(['demo uses 9 GiB of 10 GiB (90 %).'])
    expect(at(11 * GIB)).toEqual(['demo uses 11 GiB of 10 GiB (110 %).'])
    expect(at(null)).toEqual([])
  })

  it('is of the limit of all, of the pool and of the disk, too', () => {
    const pool = { sizeBytes: 100, usedBytes: 80, freeBytes: 9 }
    const disk = { totalBytes: 100, freeBytes: 5 }
    expect(storageWarnings({ ...quiet, totalBytes: 95, totalLimitBytes: 100, pool, disk }).map(({ of }) => of)).toEqual([
      'total',
      'pool',
      'disk',
    ])
    expect(storageWarnings({ ...quiet, pool: { ...pool, freeBytes: 50 }, disk: { ...disk, freeBytes: 50 } })).toEqual([])
  })
})
