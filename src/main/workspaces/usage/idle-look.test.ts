import { expect, it } from 'vitest'
import { BerthError } from '../../../shared/errors'
import type { WorkspaceProcess } from '../../../shared/workspace-process'
import { createIdleLook } from './idle-look'

type Options = Parameters<typeof createIdleLook>[0]

const process = (pid: number, parentPid: number, command: string): WorkspaceProcess => ({
  ...{ pid, parentPid, command, age: 60, cpuTime: 0, memoryBytes: 4096 },
})
const ALWAYS = [
  process(1, 0, '/sbin/docker-init -- /usr/local/lib/berth/entrypoint'),
  process(7, 1, '/bin/bash /usr/local/lib/berth/entrypoint'),
  process(8, 7, 'sshd: /usr/sbin/sshd -D -e [listener]'),
]
const LINK = [process(20, 8, 'sshd-session: workspace [priv]'), process(21, 20, 'sshd-session: workspace')]

function look(options: Partial<Options> = {}, processes: () => Promise<WorkspaceProcess[]> = async () => ALWAYS, status = 'connected') {
  const isIdle = createIdleLook({
    engineOf: () => ({ state: () => ({ status }), containers: { processes } }),
    isPaused: () => false,
    terminals: () => [],
    operations: () => [],
    forwards: () => ({ connections: 0, hasLink: false }),
    ...options,
  })
  return isIdle({ id: 'one', containerId: 'c' })
}

const operation = (fields: object) => [{ workspaceId: 'other', involves: [], endedAt: null, ...fields }]

it('finds nothing where there is nothing', async () => {
  expect(await look()).toBe(true)
})

it.each<[string, Partial<Options>]>([
  ['a terminal', { terminals: () => [{ status: 'running' }] }],
  ['a terminal that waits to go on', { terminals: () => [{ status: 'waiting' }] }],
  ['an operation on it', { operations: () => operation({ workspaceId: 'one' }) }],
  ['an operation that reads it', { operations: () => operation({ involves: [{ workspaceId: 'one', exclusive: false }] }) }],
  ['a connection of a forward', { forwards: () => ({ connections: 1, hasLink: true }) }],
  ['being paused', { isPaused: () => true }],
])('%s counts as use', async (_what, options) => {
  expect(await look(options)).toBe(false)
})

it('does not count what has ended, what is elsewhere, and a forward that nobody uses', async () => {
  const options: Partial<Options> = {
    terminals: () => [{ status: 'ended' }],
    operations: () => [...operation({}), ...operation({ workspaceId: 'one', endedAt: '2026-01-01T00:00:00.000Z' })],
    forwards: () => ({ connections: 0, hasLink: true }),
  }
  expect(await look(options, async () => [...ALWAYS, ...LINK])).toBe(true)
  expect(await look({ ...options, forwards: () => ({ connections: 0, hasLink: false }) }, async () => [...ALWAYS, ...LINK])).toBe(false)
})

it('counts a process, and what begins while the engine lists them', async () => {
  expect(await look({}, async () => [...ALWAYS, process(40, 0, 'sleep 1000')])).toBe(false)
  let terminals: { status: 'running' }[] = []
  const isIdle = await look({ terminals: () => terminals }, async () => {
    terminals = [{ status: 'running' }]
    return ALWAYS
  })
  expect(isIdle).toBe(false)
})

it('does not ask an engine that is away, and passes on what another fails with', async () => {
  const failing = () => Promise.reject(new BerthError('ENGINE_UNREACHABLE', 'Away.', { endpoint: 'unix:///x', tried: [], next: 'Wait.' }))
  expect(await look({}, failing, 'connecting')).toBe(false)
  await expect(look({}, failing)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
})
