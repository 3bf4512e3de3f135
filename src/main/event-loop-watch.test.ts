import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { watchEventLoop } from './event-loop-watch'
import { log } from './log'

afterEach(() => vi.restoreAllMocks())

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

test('work that keeps everything else waiting is logged with how long it took, once', async () => {
  const warn = vi.spyOn(log, 'warn').mockImplementation(() => {})
  const end = watchEventLoop({ reportEveryMs: 1000, resolutionMs: 50 })
  await sleep(120)
  block(600)
  await vi.waitFor(() => expect(warn).toHaveBeenCalled(), { timeout: 5000 })
  end()
  const [{ longestMs }] = warn.mock.calls[0] as unknown as [{ longestMs: number }]
  expect(longestMs).toBeGreaterThan(400)
  const reports = warn.mock.calls.length
  block(300)
  await sleep(1200)
  expect(warn.mock.calls.length).toBe(reports)
})
