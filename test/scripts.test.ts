import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

let berth: TestCore
let userHome = ''
const name = uniqueName('scripts')

const core = () => berth.core
const workspace = () => core().workspaces.get(name)
const write = (path: string, text: string) => writeFile(join(userHome, path), text)

/** The lines of that log, without their times. */
async function logOf(source: 'init' | 'post-start', workspace = name): Promise<string[]> {
  const lines: string[] = []
  const read = core().logs.read({ workspace, source, follow: false, tail: 1000 }, new AbortController().signal)
  for await (const { entries } of read) lines.push(...entries.map(({ text }) => text.trimEnd()))
  return lines
}

beforeAll(async () => {
  userHome = await mkdtemp(join(tmpdir(), 'berth-scripts-'))
  await mkdir(join(userHome, 'start.d'))
  await write('shared.sh', 'echo shared >>/opt/order\n')
  berth = await createTestCore({}, { userHome })
})
afterAll(async () => {
  await berth?.dispose()
  await rm(userHome, { recursive: true, force: true })
})

test('an init script that fails leaves the workspace running, in error, with the line that failed', async () => {
  core().settings.update({ initScript: '~/shared.sh' })
  const initScript = 'whoami\npwd\necho own >>/opt/order\n(sleep 300 && true) &\n\ntest -e /opt/fixed\necho never\n'
  const failed = await core().operations.whenEnded((await core().workspaces.create({ name, initScript })).operation.id)
  expect(failed).toMatchObject({ status: 'failed', committed: true, error: { code: 'INIT_SCRIPT_FAILED' } })
  expect(failed.error?.data).toMatchObject({ script: 'own', exitCode: 1, line: 6, log: ['root', '/home/workspace'] })
  expect(workspace()).toMatchObject({
    status: 'error',
    running: true,
    initState: 'failed',
    statusDetail: `The init script of ${name} failed at line 6 with exit code 1.`,
  })
  expect(await logOf('init')).toEqual([
    '[init script for all workspaces] begins',
    expect.stringMatching(/^\[init script for all workspaces\] exit code 0, \d+\.\d s$/),
    '[init script] begins',
    'root',
    '/home/workspace',
    expect.stringMatching(/^\[init script\] exit code 1 at line 6, \d+\.\d s$/),
  ])
  expect(failed.steps.find((step) => step.name === 'init')).toMatchObject({ status: 'failed', detail: '/home/workspace' })
})

test('it runs again once it is corrected, from its beginning, after what was left of it has been ended', async () => {
  await inside(core(), name, 'touch /opt/fixed', 'root')
  expect(await inside(core(), name, 'pgrep -c -x sleep || true')).not.toBe('0')
  await done(core(), core().workspaces.rerunInit(name))
  expect(workspace()).toMatchObject({ status: 'running', initState: 'done', problem: null })
  expect(await inside(core(), name, 'cat /opt/order')).toBe('shared\nown\nshared\nown')
  expect(await inside(core(), name, 'pgrep -x -f "sleep 300" | wc -l')).toBe('1')
})

test('a cancelled one is ended, and counts as failed', async () => {
  await core().workspaces.update(name, { initScript: 'echo begun\nsleep 1000\n' })
  const { operation } = await core().workspaces.rerunInit(name)
  await said(operation.id, 'begun')
  expect(core().operations.get(operation.id).cancellable).toBe(true)
  expect(await core().operations.cancel(operation.id)).toMatchObject({ status: 'cancelled', committed: true })
  expect(workspace()).toMatchObject({ status: 'error', initState: 'failed', problem: { code: 'CANCELLED' } })
  expect(await inside(core(), name, 'pgrep -x -f "sleep 1000" | wc -l')).toBe('0')
  await core().workspaces.update(name, { initScript: '' })
  core().settings.update({ initScript: null })
  await done(core(), core().workspaces.rerunInit(name))
  expect(workspace()).toMatchObject({ status: 'running', initState: 'done', initScript: null })
})

test('post-start scripts run at each start, sorted, as the user, each with its time limit', async () => {
  await write('start.d/20-second.sh', '#!/bin/sh\necho second >>/tmp/ran\necho "$0" | sed "s|.*/||"\nexit 3\n')
  await write('start.d/10-first.sh', 'whoami >/tmp/ran\necho out\n')
  await write('last.sh', 'echo waits; sleep 500\n')
  core().settings.update({ postStart: ['~/start.d', '~/missing.sh'], postStartTimeoutSeconds: 1 })
  await core().workspaces.update(name, { postStart: [join(userHome, 'last.sh')] })
  const restarted = await done(core(), core().workspaces.restart(name))
  expect(restarted.notices).toEqual([
    `Post-start scripts: ${userHome}/missing.sh does not exist.`,
    'The post-start script 20-second.sh failed with exit code 3.',
    'The post-start script last.sh was ended at its time limit of 1 s.',
  ])
  expect(workspace()).toMatchObject({ status: 'running', problem: null })
  expect(await inside(core(), name, 'cat /tmp/ran')).toBe('workspace\nsecond')
  // Twice with the first script, once with the one that was cancelled, and not at this start.
  expect(await inside(core(), name, 'grep -c shared /opt/order')).toBe('3')
  expect(await inside(core(), name, 'pgrep -x -f "sleep 500" | wc -l; ls -d /tmp/berth.* 2>/dev/null | wc -l')).toBe('0\n0')
  // The shell may tell of the end.
  expect((await logOf('post-start')).filter((line) => line !== 'Terminated')).toEqual([
    `${userHome}/missing.sh does not exist.`,
    '[10-first.sh] begins',
    'out',
    expect.stringMatching(/^\[10-first\.sh\] exit code 0, \d+\.\d s$/),
    '[20-second.sh] begins',
    '20-second.sh',
    expect.stringMatching(/^\[20-second\.sh\] exit code 3, \d+\.\d s$/),
    '[last.sh] begins',
    'waits',
    expect.stringMatching(/^\[last\.sh\] ended at its time limit, \d+\.\d s$/),
  ])
})

test('with failOnError the start fails, and a start of the running workspace runs them again', async () => {
  core().settings.update({ postStart: ['~/start.d'], postStartFailOnError: true })
  await core().workspaces.update(name, { postStart: [] })
  const failed = await core().operations.whenEnded((await core().workspaces.restart(name)).operation.id)
  expect(failed).toMatchObject({ status: 'failed', committed: true, error: { code: 'POST_START_FAILED', data: { exitCode: 3 } } })
  expect(workspace()).toMatchObject({ status: 'error', running: true, problem: { code: 'POST_START_FAILED' } })
  await write('start.d/20-second.sh', 'echo corrected >>/tmp/ran\n')
  await done(core(), core().workspaces.start({ name }))
  expect(workspace()).toMatchObject({ status: 'running', problem: null })
  expect(await inside(core(), name, 'cat /tmp/ran')).toBe('workspace\ncorrected')
  // Nothing has started now.
  await done(core(), core().workspaces.start({ name }))
  expect(await inside(core(), name, 'wc -l </tmp/ran')).toBe('2')
})

test('a clone has the scripts, and does not run the init script again', async () => {
  await core().workspaces.update(name, { initScript: 'make', postStart: ['~/start.d'] })
  const clone = uniqueName('scripts')
  await done(core(), core().copies.clone(name, { name: clone, stop: false, start: false }))
  expect(core().workspaces.get(clone)).toMatchObject({ initScript: 'make', postStart: ['~/start.d'], initState: 'done', status: 'stopped' })
})

/** Resolves once a step of the operation has that as its last words. */
function said(operationId: string, words: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (
        !core()
          .operations.get(operationId)
          .steps.some(({ detail }) => detail === words)
      )
        return
      unsubscribe()
      resolve()
    }
    const unsubscribe = core().operations.onChange(look)
    look()
  })
}
