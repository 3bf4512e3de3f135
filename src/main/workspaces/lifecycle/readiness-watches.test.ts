import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { type Ready, waitUntilReady } from './readiness'
import { createReadinessWatches } from './readiness-watches'

vi.mock('./readiness')
const waiting = vi.mocked(waitUntilReady)
const record = workspaceRecord()
const ready: Ready = { hostKeys: null, nestedEngine: null }

beforeEach(() => {
  vi.useFakeTimers()
  waiting.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp() {
  const container = { containerId: 'c', running: true, ready: false, paused: false }
  const marked: string[] = []
  const registry = { containerOf: () => container, markReady: (id: string) => void marked.push(id) }
  return {
    container,
    marked,
    watches: createReadinessWatches({
      engineOf: () => ({}) as never,
      registry,
      handOvers: { forWatch: () => ({}) as never },
      onReady: (id, noted) => void marked.push(`${id} ${noted === ready ? 'noted' : 'unknown'}`),
    }),
  }
}

it('begins again a watch that failed while the container is running', async () => {
  waiting.mockRejectedValueOnce(new Error('cut off')).mockResolvedValueOnce(ready)
  const { marked, watches } = setUp()
  watches.watch(record, 'c')
  await vi.advanceTimersByTimeAsync(1000)
  expect(marked).toEqual([record.id, `${record.id} noted`])
})

it('gives up when the container has ended, and after ten tries', async () => {
  waiting.mockRejectedValue(new Error('cut off'))
  const { container, watches } = setUp()
  watches.watch(record, 'c')
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(waiting).toHaveBeenCalledTimes(10)
  waiting.mockClear()
  watches.watch(record, 'c')
  container.running = false
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(waiting).toHaveBeenCalledTimes(1)
})

it('leaves the watch of an earlier run when the container was started again', async () => {
  const { marked, watches } = setUp()
  const first = Promise.withResolvers<Ready>()
  waiting.mockReturnValueOnce(first.promise).mockResolvedValueOnce(ready)
  watches.watch(record, 'c')
  watches.watch(record, 'c')
  first.resolve(ready)
  await vi.advanceTimersByTimeAsync(0)
  expect(marked).toEqual([record.id, `${record.id} noted`])
})
