import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import type { Workspace } from '../../shared/workspace'
import type { ExecOptions } from '../engine/exec'
import { createListenerWatches } from './listener-watches'
import { MOST_ON_ONE_ENGINE, STARTS_AT_ONCE } from './watched-workspaces'

const REPORT = `${JSON.stringify({ listeners: [{ address: '0.0.0.0', port: 3000, process: 'node' }] })}\n`

/** Workspaces that run on an engine whose watchers all say the same; `isAbsent` has no image with a watcher. */
function setUp({ isAbsent = false } = {}) {
  /** Containers with a running watcher. */
  const open = new Set<string>()
  const starts = { underWay: 0, most: 0 }
  const state = { clock: Date.parse('2026-02-01T00:00:00Z'), connected: new Set(['local']), terminals: new Set<string>() }
  const unknown: string[] = []
  const engine = {
    exec: {
      async start({ containerId }: ExecOptions) {
        starts.underWay += 1
        starts.most = Math.max(starts.most, starts.underWay)
        await settle()
        starts.underWay -= 1
        const [stdout, stderr] = [new PassThrough(), new PassThrough()]
        if (isAbsent) stdout.end()
        else {
          open.add(containerId)
          stdout.write(REPORT)
        }
        const destroy = () => {
          open.delete(containerId)
          stdout.destroy()
        }
        return { stdin: new PassThrough(), stdout, stderr, exitCode: async () => 127, destroy }
      },
    },
  }
  const watches = createListenerWatches({
    engineOf: () => engine as never,
    connectedEngines: () => state.connected,
    withTerminals: () => state.terminals,
    onReport: async () => undefined,
    onUnknown: (id) => unknown.push(id),
    now: () => new Date(state.clock++),
  })
  onTestFinished(watches.close)
  const workspace = (index: number, changes: Partial<Workspace> = {}) =>
    ({
      ...{ id: `w${index}`, name: `w${index}`, engine: 'local', createdAt: '2026-01-01T00:00:00.000Z', startedAt: null },
      lastUsedAt: new Date(Date.parse('2026-01-02T00:00:00Z') + index * 1000).toISOString(),
      ...changes,
    }) as Workspace
  const run = (count: number) => {
    for (let index = 0; index < count; index++) watches.onWorkspace(workspace(index), `c${index}`)
  }
  return { open, starts, state, unknown, watches, workspace, run }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))
async function settled() {
  for (let turn = 0; turn < 400; turn++) await settle()
}

it('thirty that run are all watched, begun a few at a time', async () => {
  const { open, starts, run } = setUp()
  run(30)
  await settled()
  expect(open.size).toBe(30)
  expect(starts.most).toBe(STARTS_AT_ONCE)
})

it('of two hundred those are watched that were used last, and the next when one of these stops', async () => {
  const { open, watches, workspace, run } = setUp()
  run(200)
  await settled()
  expect(open.size).toBe(MOST_ON_ONE_ENGINE)
  expect([open.has('c199'), open.has(`c${200 - MOST_ON_ONE_ENGINE}`), open.has(`c${199 - MOST_ON_ONE_ENGINE}`)]).toEqual([
    true,
    true,
    false,
  ])
  expect(watches.listeners('w0')).toBeNull()
  watches.onWorkspace(workspace(199), null)
  await settled()
  expect(open.size).toBe(MOST_ON_ONE_ENGINE)
  expect(open.has(`c${199 - MOST_ON_ONE_ENGINE}`)).toBe(true)
})

it('one that is used is watched from then on, what listens in it is known when that returns, and the one that was used longest ago gives way', async () => {
  const { open, unknown, watches, run } = setUp()
  run(100)
  await settled()
  await watches.use('w0')
  expect(watches.listeners('w0')).toEqual([expect.objectContaining({ port: 3000, process: 'node' })])
  await settled()
  expect(open.size).toBe(MOST_ON_ONE_ENGINE)
  expect(open.has('c0')).toBe(true)
  const before = `w${100 - MOST_ON_ONE_ENGINE}`
  expect(unknown).toEqual([before])
  expect(watches.isUnwatched(before)).toBe(true)
})

it('a use that the record tells of is one, and so is a start', async () => {
  const { open, watches, workspace, run } = setUp()
  run(100)
  await settled()
  watches.onWorkspace(workspace(1, { lastUsedAt: '2026-03-01T00:00:00.000Z' }), 'c1')
  watches.onWorkspace(workspace(2), null)
  watches.onWorkspace(workspace(2), 'c2')
  await settled()
  expect([open.has('c1'), open.has('c2'), open.size]).toEqual([true, true, MOST_ON_ONE_ENGINE])
})

it('one in use, or with a terminal, stays watched whatever else is used', async () => {
  const { open, state, watches, run } = setUp()
  run(100)
  await settled()
  const release = watches.hold('w0')
  state.terminals = new Set(['w1'])
  watches.chooseSoon()
  await settled()
  for (let index = 2; index < 100; index++) await watches.use(`w${index}`)
  await settled()
  expect([open.has('c0'), open.has('c1'), open.size]).toEqual([true, true, MOST_ON_ONE_ENGINE])
  release()
  for (let index = 2; index < 100; index++) await watches.use(`w${index}`)
  await settled()
  expect([open.has('c0'), open.has('c1')], 'nobody is at it any more').toEqual([false, true])
})

it('those on an engine that is away keep nothing elsewhere from being watched, and are watched when it is back', async () => {
  const { open, state, watches, workspace, run } = setUp()
  state.connected = new Set(['far'])
  run(3)
  watches.onWorkspace(workspace(1000, { engine: 'far' }), 'far')
  await settled()
  expect([...open]).toEqual(['far'])
  state.connected = new Set(['far', 'local'])
  watches.onEngineBack((id) => id !== 'w1000')
  await settled()
  expect(open.size).toBe(4)
})

it('images without a watcher do not count, and nothing waits for them', async () => {
  const { open, starts, watches, run } = setUp({ isAbsent: true })
  run(3)
  await watches.use('w0')
  await settled()
  expect([watches.listeners('w0'), open.size, starts.underWay]).toEqual([null, 0, 0])
})
