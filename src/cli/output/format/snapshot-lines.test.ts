import { expect, test } from 'vitest'
import { fakeSnapshot } from '../../testing/fake-records'
import { snapshotTable } from './snapshot-lines'

const NOW = Date.parse('2026-01-01T02:00:00Z')
const plain = (_colour: unknown, text: string) => text
const snapshots = [
  fakeSnapshot('before-restore-1', { automatic: true, bytes: 4.5 * 1024 ** 3, exclusiveBytes: null }),
  fakeSnapshot('one', { createdAt: '2025-12-20T00:00:00.000Z', bytes: 1.5 * 1024 ** 2, exclusiveBytes: 20 * 1024 }),
]

test('automatic snapshots are told from those somebody made', () => {
  expect(snapshotTable(snapshots, false, NOW, plain)).toEqual([
    'NAME              MADE',
    'before-restore-1  2 h ago      automatic',
    'one               12 days ago',
  ])
})

test('sizes are shown when measured, and a dash where they cannot be', () => {
  expect(snapshotTable(snapshots, true, NOW, plain)).toEqual([
    'NAME              MADE         SIZE     FREED IF DELETED',
    'before-restore-1  2 h ago      4.5 GiB  -                 automatic',
    'one               12 days ago  1.5 MiB  20 KiB',
  ])
})
