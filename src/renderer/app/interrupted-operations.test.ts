import { expect, test } from 'vitest'
import { operation } from '../../shared/testing/operation'
import { interruptedOperations } from './interrupted-operations'

const START = '2026-01-02T10:00:00.000Z'
const BEFORE = '2026-01-02T09:59:00.000Z'
const AFTER = '2026-01-02T10:00:05.000Z'

test('what began under an earlier process and ended under this one, or goes on, was interrupted', () => {
  const given = [
    operation({ id: 'ended-before', startedAt: BEFORE, endedAt: BEFORE }),
    operation({ id: 'undone', startedAt: BEFORE, endedAt: AFTER }),
    operation({ id: 'goes-on', startedAt: BEFORE, endedAt: null }),
    operation({ id: 'new', startedAt: AFTER, endedAt: null }),
  ]
  expect(interruptedOperations(given, START).map(({ id }) => id)).toEqual(['undone', 'goes-on'])
})
