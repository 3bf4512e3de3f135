import { beforeEach, expect, it, vi } from 'vitest'
import type { Operation } from '../../../shared/operation'
import { operation } from '../../../shared/testing/operation'
import { noticeEnd, notifyWhenDone } from './operation-notices'

/** The notices that are shown, by id, as the toaster keeps them. */
const shown = vi.hoisted(() => new Map<string | undefined, { title: string }>())
vi.mock('../../ui/notice', () => ({
  showNotice: (notice: { id?: string; title: string }) => shown.set(notice.id, notice),
  dismissNotice: (id: string) => shown.delete(id),
}))
vi.mock('../problems/run-suggested-action', () => ({ stepActions: () => [] }))

const titles = () => [...shown.values()].map(({ title }) => title)
const failure: Operation['error'] = {
  code: 'TIMED_OUT',
  message: 'It took too long.',
  data: { next: 'Try again.' },
} as unknown as Operation['error']

function end(id: string, fields: Partial<Operation>): void {
  notifyWhenDone(id, { again: () => undefined })
  noticeEnd({ ...operation({ id, kind: 'workspace.start', workspaceName: 'api' }), endedAt: '2026-01-01T00:00:01.000Z', ...fields })
}

beforeEach(() => shown.clear())

it('tells of a retry in the place of what it told of the first try', () => {
  end('o1', { status: 'failed', error: failure })
  end('o2', { status: 'failed', error: failure })
  expect(titles()).toEqual(['Could not start api'])
  end('o3', { status: 'succeeded', startedAt: '2026-01-01T00:00:00.000Z' })
  expect(titles()).toEqual([])
})

it('keeps what it told of other operations and other workspaces', () => {
  end('o1', { status: 'failed', error: failure })
  end('o2', { status: 'failed', error: failure, workspaceName: 'db' })
  end('o3', { status: 'failed', error: failure, kind: 'workspace.stop' })
  expect(titles()).toEqual(['Could not start api', 'Could not start db', 'Could not stop api'])
})
