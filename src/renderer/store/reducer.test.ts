import { describe, expect, it } from 'vitest'
import type { EngineView } from '../../shared/contract/engines'
import type { BerthEvent } from '../../shared/contract/events'
import { settingsSchema } from '../../shared/contract/settings'
import type { Operation } from '../../shared/operation'
import type { Snapshot } from '../../shared/snapshot'
import { operation as anyOperation } from '../../shared/testing/operation'
import { swarm } from '../../shared/testing/swarm'
import { workspace as anyWorkspace } from '../../shared/testing/workspace'
import type { Workspace } from '../../shared/workspace'
import { type BerthState, emptyState, reduce } from './reducer'

const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}T10:00:00Z`

function workspace(id: string, createdOn: number, more: Partial<Workspace> = {}): Workspace {
  return anyWorkspace({ id, name: `name-of-${id}`, createdAt: day(createdOn), ...more })
}

function operation(id: string, startedOn: number, more: Partial<Operation> = {}): Operation {
  const about = { kind: 'workspace.start', workspaceId: 'a', workspaceName: 'name-of-a' } as const
  return anyOperation({ id, ...about, startedAt: day(startedOn), ...more })
}

function taken(id: string, workspaceId: string, createdOn: number): Snapshot {
  return {
    id,
    workspaceId,
    name: `name-of-${id}`,
    createdAt: day(createdOn),
    automatic: false,
    storage: 'plain',
    bytes: null,
    exclusiveBytes: null,
    missing: [],
  }
}

const engine = (name: string, state: EngineView['state']): EngineView => ({ id: name, name, address: null, isDefault: true, state })

function snapshot(workspaces: Workspace[], operations: Operation[] = [], snapshots: Snapshot[] = []): BerthEvent {
  return {
    type: 'snapshot',
    engines: [engine('local', { status: 'connecting', endpoint: null })],
    swarms: [],
    workspaces,
    operations,
    snapshots,
    terminals: [],
    terminalLayouts: [],
    ports: [],
    adoptable: [],
    damagedFiles: [],
    settings: settingsSchema.parse({}),
  }
}

const after = (...events: BerthEvent[]): BerthState => events.reduce(reduce, emptyState)

describe('the state of the page', () => {
  it('holds what a snapshot holds, workspaces oldest first and operations newest first', () => {
    const state = after(snapshot([workspace('b', 2), workspace('a', 1)], [operation('old', 1), operation('new', 2)]))
    expect(state.workspaces.ids).toEqual(['a', 'b'])
    expect(state.operations.ids).toEqual(['new', 'old'])
    expect(state.settings?.sshPorts).toEqual({ from: 2200, to: 2400 })
  })

  it('holds the Swarms that were last said, all of them each time', () => {
    const before = after({ type: 'swarms', swarms: [swarm(), swarm({ id: 'other', name: 'other' })] })
    expect(before.swarms.map(({ name }) => name)).toEqual(['team', 'other'])
    const changed = reduce(before, { type: 'swarms', swarms: [swarm({ manager: null })] })
    expect(changed.swarms).toMatchObject([{ name: 'team', manager: null }])
    expect(changed.engines).toBe(before.engines)
    expect(reduce(changed, snapshot([])).swarms).toEqual([])
  })

  it('forgets with a snapshot what it held before', () => {
    const state = after(snapshot([workspace('gone', 1)], [operation('past', 1)]), snapshot([workspace('here', 2)]))
    expect(state.workspaces.ids).toEqual(['here'])
    expect(state.workspaces.byId.gone).toBeUndefined()
    expect(state.operations.ids).toEqual([])
  })

  it('keeps the order, and the very same list of ids, when a workspace changes', () => {
    const before = after(snapshot([workspace('a', 1), workspace('b', 2)]))
    const changed = reduce(before, { type: 'workspace', workspace: workspace('a', 1, { status: 'running' }) })
    expect(changed.workspaces.byId.a?.status).toBe('running')
    expect(changed.workspaces.ids).toBe(before.workspaces.ids)
    expect(changed.workspaces.byId.b).toBe(before.workspaces.byId.b)
  })

  it('puts a new workspace where its creation belongs, by name when two are as old', () => {
    const state = after(
      snapshot([workspace('a', 1), workspace('c', 3)]),
      { type: 'workspace', workspace: workspace('b', 2) },
      { type: 'workspace', workspace: workspace('z', 2, { name: 'earlier-name' }) },
    )
    expect(state.workspaces.ids).toEqual(['a', 'z', 'b', 'c'])
  })

  it('drops a workspace that is removed, and leaves the rest as it is', () => {
    const before = after(snapshot([workspace('a', 1), workspace('b', 2)], [operation('o', 1)]))
    const removed = reduce(before, { type: 'workspace-removed', workspaceId: 'a' })
    expect(removed.workspaces.ids).toEqual(['b'])
    expect(removed.operations).toBe(before.operations)
    expect(reduce(removed, { type: 'workspace-removed', workspaceId: 'a' }).workspaces).toBe(removed.workspaces)
  })

  it('keeps 200 operations that ended, and every one that runs', () => {
    const running = operation('running', 1)
    const ended = Array.from({ length: 205 }, (_, index) =>
      operation(`ended-${String(index).padStart(3, '0')}`, 2, { status: 'succeeded', endedAt: day(2) }),
    )
    const state = after(snapshot([], [running]), ...ended.map((item) => ({ type: 'operation', operation: item }) as const))
    expect(state.operations.ids).toHaveLength(201)
    expect(state.operations.byId.running).toBe(running)
    expect(state.operations.byId['ended-000']).toBeUndefined()
    expect(state.operations.ids[0]).toBe('ended-204')
  })

  it('holds the snapshots of each workspace newest first, whatever order they come in', () => {
    const first = snapshot([workspace('a', 1), workspace('b', 1)], [], [taken('old', 'a', 1), taken('new', 'a', 3), taken('other', 'b', 2)])
    const state = after(first, { type: 'snapshot-changed', snapshot: taken('between', 'a', 2) })
    expect(state.snapshots.a?.map(({ id }) => id)).toEqual(['new', 'between', 'old'])
    expect(state.snapshots.b?.map(({ id }) => id)).toEqual(['other'])
  })

  it('takes a change of a snapshot in its place, and leaves those of other workspaces the same list', () => {
    const before = after(snapshot([], [], [taken('one', 'a', 1), taken('two', 'a', 2), taken('other', 'b', 2)]))
    const changed = reduce(before, { type: 'snapshot-changed', snapshot: { ...taken('one', 'a', 1), name: 'renamed' } })
    expect(changed.snapshots.a?.map(({ name }) => name)).toEqual(['name-of-two', 'renamed'])
    expect(changed.snapshots.b).toBe(before.snapshots.b)
  })

  it('drops a snapshot that is removed, and all of them with their workspace', () => {
    const before = after(snapshot([workspace('a', 1)], [], [taken('one', 'a', 1), taken('two', 'a', 2), taken('other', 'b', 2)]))
    expect(reduce(before, { type: 'snapshot-removed', snapshotId: 'two' }).snapshots.a?.map(({ id }) => id)).toEqual(['one'])
    expect(reduce(before, { type: 'snapshot-removed', snapshotId: 'other' }).snapshots).not.toHaveProperty('b')
    expect(reduce(before, { type: 'snapshot-removed', snapshotId: 'unknown' }).snapshots).toBe(before.snapshots)
    expect(reduce(before, { type: 'workspace-removed', workspaceId: 'a' }).snapshots).not.toHaveProperty('a')
  })

  it('touches nothing else when the engine or the settings change', () => {
    const before = after(snapshot([workspace('a', 1)]))
    const lost = reduce(before, { type: 'engine', engine: engine('local', { status: 'unreachable', tried: [], retryAt: null }) })
    expect(lost.engines[0]?.state.status).toBe('unreachable')
    expect(lost.workspaces).toBe(before.workspaces)
    const dark = reduce(lost, { type: 'settings', settings: settingsSchema.parse({ theme: 'dark' }) })
    expect(dark.settings?.theme).toBe('dark')
    expect(dark.engines).toBe(lost.engines)
    const two = reduce(lost, { type: 'engine', engine: engine('big', { status: 'connecting', endpoint: null }) })
    expect(two.engines.map(({ name }) => name)).toEqual(['local', 'big'])
    expect(reduce(two, { type: 'engine-removed', engineId: 'big' }).engines).toEqual(lost.engines)
  })
})
