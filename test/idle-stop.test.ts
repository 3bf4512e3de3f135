import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IdleTimes } from '../src/main/workspaces/usage/idle-stops'
import { MAKE_TINY_IMAGE } from './support/first-day-commands'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

/** Workspaces in which nothing goes on, on the real engine, with hours of three seconds. */
const TIMES: IdleTimes = { hour: 3000, look: 400, notice: 2000 }
const [quiet, sleeping, nesting, connected] = ['quiet', 'sleeping', 'nesting', 'connected'].map(uniqueName) as [
  string,
  string,
  string,
  string,
]
let berth: TestCore
let ssh: ChildProcess
const core = () => berth.core
const view = (name: string) => core().workspaces.get(name)

beforeAll(async () => {
  berth = await createTestCore({}, { idleTimes: TIMES })
  await Promise.all([quiet, sleeping, nesting, connected].map((name) => done(core(), core().workspaces.start({ name }))))
}, 120_000)
afterAll(async () => {
  ssh?.kill()
  await berth?.dispose()
})

test('only the one with nothing going on is announced and stopped, and its files stay', async () => {
  await inside(core(), quiet, 'echo kept >~/file; docker version >/dev/null')
  await inside(core(), sleeping, 'setsid sleep 1000 >/dev/null 2>&1 &')
  await inside(core(), nesting, `${MAKE_TINY_IMAGE}\ndocker run -d -i tiny:1 /bin/sh`)
  // Without a program: a tunnel.
  ssh = spawn('ssh', ['-N', '-F', core().info.sshConfigPath, `${connected}.berth`], { stdio: 'ignore' })
  await expect.poll(() => inside(core(), connected, 'pgrep -cf "workspace \\[priv\\]" || true'), { timeout: 20_000 }).toBe('1')
  // What Berth opens for a forwarded port, and keeps, is nobody’s connection.
  const { forward } = await core().forwards.add(view(quiet).id, { port: 22, container: null, localPort: 22_022 })
  const socket = connect(forward.localPort, '127.0.0.1')
  await once(socket, 'data')
  socket.destroy()

  const announced: string[] = []
  const unsubscribe = core().events.subscribe((event) => {
    if (event.type === 'workspace' && event.workspace.idleStopAt !== null) announced.push(event.workspace.name)
  })
  core().settings.update({ idleStopHours: 1 })
  await expect.poll(() => view(quiet).idleStopAt, { timeout: 20_000 }).not.toBeNull()
  expect(view(quiet).running).toBe(true)
  expect(core().forwards.useOf(view(quiet).id)).toEqual({ connections: 0, hasLink: true })

  expect(core().keepRunning(quiet).idleStopAt).toBeNull()
  await expect.poll(() => view(quiet).idleStopAt, { timeout: 20_000 }).not.toBeNull()
  const stopAt = Date.parse(view(quiet).idleStopAt ?? '')
  await expect.poll(() => view(quiet).status, { timeout: 30_000 }).toBe('stopped')
  const stop = core()
    .operations.list()
    .find(({ kind, workspaceName }) => kind === 'workspace.stop' && workspaceName === quiet)
  expect(stop?.notices).toEqual(['Stopped after 1 hour without processes or terminals.'])
  expect(Date.parse(stop?.startedAt ?? '')).toBeGreaterThanOrEqual(stopAt)
  expect(view(quiet).idleStopAt).toBeNull()

  unsubscribe()
  expect(new Set(announced), 'the others are never said to be stopped').toEqual(new Set([quiet]))
  expect([sleeping, nesting, connected].map((name) => view(name).status)).toEqual(['running', 'running', 'running'])
  core().settings.update({ idleStopHours: 0 })
  await done(core(), core().workspaces.start({ name: quiet }))
  expect(await inside(core(), quiet, 'cat ~/file')).toBe('kept')
}, 100_000)
