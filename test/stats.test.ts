import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StatsSample } from '../src/shared/contract/stats'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

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
  for await (const samples of test.core.local.stats.watch(containerId(), new AbortController().signal)) {
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
  expect(test.core.local.stats.openStreams(), 'the stream has ended with the last who looked').toBe(0)
})

it('what runs in it is listed, nested engine included, with what it takes', async () => {
  await inside(test.core, name, 'setsid -f perl -e \'my $x = "x" x 90_000_000; sleep 4321\' >/dev/null 2>&1')
  const listed = () => test.core.workspaces.processes(name)
  const perl = async () => (await listed()).find(({ command }) => command.startsWith('perl -e'))
  await expect.poll(async () => (await perl())?.memoryBytes).toBeGreaterThan(90_000_000)
  expect((await perl())?.age).toBeLessThan(60)
  const processes = await listed()
  for (const program of ['sshd', 'dockerd'])
    expect(
      processes.some(({ command }) => command.includes(program)),
      program,
    ).toBe(true)
  await inside(test.core, name, 'pkill perl')
})

it('the figures end when the workspace stops', async () => {
  const watching = test.core.local.stats.watch(containerId(), new AbortController().signal)
  await watching.next()
  await done(test.core, test.core.workspaces.stop(name))
  while (!(await watching.next()).done);
  expect(test.core.local.stats.openStreams()).toBe(0)
  await expect(test.core.workspaces.processes(name)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
})

it('limits are in force while it runs, are kept for its next container, and are lifted again', async () => {
  await done(test.core, test.core.workspaces.start({ name }))
  await test.core.workspaces.update(name, { limits: { memoryBytes: 256 * 1024 ** 2, processes: 300, cpus: 0.5 } })
  const sample = await sampleWith(({ memoryLimitBytes }) => memoryLimitBytes === 256 * 1024 ** 2)
  expect(sample.memoryBytes).toBeLessThan(256 * 1024 ** 2)
  const { HostConfig: limited } = await docker.getContainer(containerId()).inspect()
  expect(limited).toMatchObject({ NanoCpus: 5e8, PidsLimit: 300 })

  const greedy = test.core.workspaces.exec(name, {
    command: ['perl', '-e', 'my $x = "x" x 600_000_000; print length $x'],
    user: 'workspace',
  })
  expect((await greedy).exitCode, 'a program that takes more is ended, and nothing else').not.toBe(0)
  expect(test.core.workspaces.get(name).status).toBe('running')

  await inside(test.core, name, `setsid -f perl -e 'my $x = "x" x 80_000_000; sleep 1000' >/dev/null 2>&1`)
  await sampleWith(({ memoryBytes }) => memoryBytes > 150_000_000)
  await expect(test.core.workspaces.update(name, { limits: { memoryBytes: 100 * 1024 ** 2 } })).rejects.toMatchObject({
    code: 'LIMIT_BELOW_USE',
    data: { limitBytes: 100 * 1024 ** 2 },
  })
  await expect(test.core.workspaces.update(name, { limits: { cpus: 1000 } })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  expect(test.core.workspaces.get(name).limits).toMatchObject({ memoryBytes: 256 * 1024 ** 2, cpus: 0.5 })

  await test.core.workspaces.update(name, { limits: { memoryBytes: null, processes: null, cpus: null } })
  expect(await inside(test.core, name, `perl -e 'my $x = "x" x 300_000_000; print length $x'`)).toBe('300000000')
})
