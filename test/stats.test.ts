import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StatsSample } from '../src/shared/contract/stats'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

let test: TestCore
const name = uniqueName('stats')
beforeAll(async () => {
  test = await createTestCore()
  await done(test.core, test.core.workspaces.start({ name }))
})
afterAll(() => test.dispose())

const containerId = () => test.core.workspaces.runningContainer(name).containerId

/** The first sample that is as wanted; the timeout of the test is the limit. */
async function sampleWith(wanted: (sample: StatsSample) => boolean): Promise<StatsSample> {
  for await (const samples of test.core.stats.watch(containerId(), new AbortController().signal)) {
    const found = samples.find(wanted)
    if (found) return found
  }
  throw new Error('the figures ended')
}

it('a program that works hard shows as a processor in use, and memory that it fills as memory', async () => {
  await inside(test.core, name, 'setsid -f perl -e \'my $x = "x" x 200_000_000; 1 while 1\' >/dev/null 2>&1')
  const busy = await sampleWith(({ cpus, memoryBytes }) => cpus > 0.1 && memoryBytes > 200_000_000)
  expect(busy.memoryLimitBytes).toBeGreaterThan(busy.memoryBytes)
  expect(busy.processes).toBeGreaterThan(3)
  await inside(test.core, name, 'pkill perl')
  await sampleWith(({ memoryBytes }) => memoryBytes < 200_000_000)
  expect(test.core.stats.openStreams(), 'the stream has ended with the last who looked').toBe(0)
})

it('the figures end when the workspace stops', async () => {
  const watching = test.core.stats.watch(containerId(), new AbortController().signal)
  await watching.next()
  await done(test.core, test.core.workspaces.stop(name))
  while (!(await watching.next()).done);
  expect(test.core.stats.openStreams()).toBe(0)
})
