import { expect, it } from 'vitest'
import type { SnapshotRecord } from '../../settings/records'
import { chooseLayer } from './layer-choice'

const images: Record<string, string> = {
  'berth-layer/w': '2026-01-01T10:00:00.000Z',
  'berth-layer/then': '2026-01-01T10:00:00.000Z',
  'berth-layer/before-restore': '2026-01-01T11:00:00.000Z',
}

const snapshot = (id: string, createdAt: string): SnapshotRecord => ({
  ...{ id, workspaceId: 'w', place: 'local', name: id, automatic: false, createdAt },
  ...{ volumes: { home: 'h', docker: 'd' }, storage: 'plain' },
})

const chosen = (restoredAt: string | undefined) =>
  chooseLayer(
    {
      engine: {
        images: {
          list: async ({ repository = '' } = {}) => {
            const reference = Object.keys(images).find((one) => repository.startsWith(one))
            return reference === undefined
              ? []
              : [{ id: reference, references: [`${reference}:x`], createdAt: new Date(images[reference] ?? '') }]
          },
        },
      } as never,
      records: {
        snapshots: { list: () => [snapshot('then', '2026-01-01T10:00:00.000Z'), snapshot('before-restore', '2026-01-01T11:00:00.000Z')] },
      },
    },
    { id: 'w', keptLayer: null, restoredAt },
  )

it('the newest layer that was kept is the nearest', async () => {
  expect(await chosen(undefined)).toMatchObject({ snapshot: 'before-restore', isWhole: false })
})

it('what was kept of a state that was left by a restore is not', async () => {
  expect(await chosen('2026-01-01T11:00:01.000Z')).toMatchObject({ reference: 'berth-layer/w:x', snapshot: null, isWhole: false })
})
