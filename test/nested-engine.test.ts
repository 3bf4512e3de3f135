import { afterAll, beforeAll, expect, test } from 'vitest'
import { MAKE_TINY_IMAGE } from './support/first-day-commands'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

/** The Docker engine inside a workspace: it runs once somebody uses it, or as soon as there are containers that want it. */
const name = uniqueName('nested')
let berth: TestCore
const core = () => berth.core

beforeAll(async () => {
  berth = await createTestCore()
  await done(core(), core().workspaces.start({ name }))
})
afterAll(() => berth?.dispose())

const processes = (program: string) => inside(core(), name, `ps -C ${program} -o user= | wc -l`)
const engines = () => processes('dockerd')

test('a workspace in which Docker was not used runs no engine, whatever Berth itself asks about it', async () => {
  expect(await inside(core(), name, 'stat -c "%a %U %G %F" /var/run/docker.sock')).toBe('660 root docker socket')
  await core().debugReports.of(name)
  await done(core(), core().workspaces.restart(name))
  const snapshot = await core().copies.createSnapshot(name, 's1')
  await core().operations.whenEnded(snapshot.operation.id)
  expect([await engines(), await processes('engine-socket')]).toEqual(['0', '1'])
})

test('who uses it first waits for it, several at once too, and it is one engine', async () => {
  const all = await Promise.all([1, 2, 3, 4].map(() => inside(core(), name, 'docker info --format "{{.ID}} {{.Driver}}"')))
  expect(new Set(all).size).toBe(1)
  expect(all[0]).toContain(' overlay2')
  expect(await engines()).toBe('1')
  // What it was started by is its own alone.
  expect(await inside(core(), name, 'tr "\\0" "\\n" </proc/$(pidof dockerd)/environ | grep -c ^LISTEN_ || true', 'root')).toBe('2')
  expect(await inside(core(), name, 'tr "\\0" "\\n" </proc/$(pidof containerd)/environ | grep -c ^LISTEN_ || true', 'root')).toBe('0')
})

test('without containers it waits for its first use again after a restart, and keeps its images', async () => {
  await inside(core(), name, MAKE_TINY_IMAGE)
  await done(core(), core().workspaces.restart(name))
  expect(await engines()).toBe('0')
  expect(await inside(core(), name, 'docker run --rm tiny:1 /bin/sh -c "echo nested"')).toBe('nested')
})

test('one that ends unexpectedly is there again', async () => {
  const before = await inside(core(), name, 'pidof dockerd')
  await inside(core(), name, 'kill -KILL $(pidof dockerd)', 'root')
  await expect.poll(() => inside(core(), name, 'docker info --format "{{.Driver}}" || true'), { timeout: 30_000 }).toBe('overlay2')
  expect(await inside(core(), name, 'pidof dockerd')).not.toBe(before)
})

test('with containers it starts with the workspace, so that those that are to be restarted are', async () => {
  await inside(core(), name, 'docker run -d -i --stop-timeout 1 --name kept --restart unless-stopped tiny:1 /bin/sh')
  await done(core(), core().workspaces.restart(name))
  expect(await engines()).toBe('1')
  const status = () => inside(core(), name, 'docker inspect --format "{{.State.Status}}" kept')
  await expect.poll(status, { timeout: 20_000 }).toBe('running')
})
