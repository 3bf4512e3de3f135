import type { Adoptable } from '../../shared/adoptable'
import type { EngineView } from '../../shared/contract/engines'
import type { BerthEvent } from '../../shared/contract/events'
import type { Settings } from '../../shared/contract/settings'
import type { SwarmView } from '../../shared/contract/swarms'
import type { TerminalSession } from '../../shared/contract/terminals'
import type { DamagedFile } from '../../shared/damaged-file'
import type { Operation } from '../../shared/operation'
import type { WorkspacePorts } from '../../shared/port-forward'
import type { Snapshot } from '../../shared/snapshot'
import type { TerminalLayout } from '../../shared/terminal-layout'
import type { Workspace } from '../../shared/workspace'

/** As many ended operations as the core itself keeps. */
const ENDED_OPERATIONS_KEPT = 200

/** Things by id, and their order. `ids` stays the same array while only things change, so that a list need not render again. */
export interface Collection<Item> {
  byId: Readonly<Record<string, Item>>
  ids: readonly string[]
}

/** What Berth last said. Null until the first snapshot. */
export interface BerthState {
  engines: readonly EngineView[]
  swarms: readonly SwarmView[]
  settings: Settings | null
  workspaces: Collection<Workspace>
  operations: Collection<Operation>
  terminals: Collection<TerminalSession>
  /** By the id of their workspace; one whose layout was never set is left out. */
  terminalLayouts: Readonly<Record<string, TerminalLayout>>
  /** By the id of their workspace, newest first; one that has none is left out. Sizes are not in it (`snapshot-sizes.ts`). */
  snapshots: Readonly<Record<string, readonly Snapshot[]>>
  /** By the id of their workspace. */
  ports: Readonly<Record<string, WorkspacePorts>>
  /** Workspaces of other tools, oldest first. */
  adoptable: readonly Adoptable[]
  damagedFiles: readonly DamagedFile[]
  /** Grows whenever the library may be another than before: what shows it asks again. */
  libraryChanges: number
}

type Compare<Item> = (a: Item, b: Item) => number

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** Oldest first: a new one goes to the end, and nothing that is looked at moves. */
const byCreation: Compare<Workspace> = (a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.name, b.name)
const byOpening: Compare<TerminalSession> = (a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id)
const byAge: Compare<Adoptable> = (a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.name, b.name)
const newestFirst: Compare<Operation> = (a, b) => compareText(b.startedAt, a.startedAt) || compareText(b.id, a.id)
const latestFirst: Compare<Snapshot> = (a, b) => compareText(b.createdAt, a.createdAt) || compareText(b.id, a.id)

const empty = { byId: {}, ids: [] }
export const emptyState: BerthState = {
  engines: [],
  swarms: [],
  settings: null,
  workspaces: empty,
  operations: empty,
  terminals: empty,
  terminalLayouts: {},
  snapshots: {},
  ports: {},
  adoptable: [],
  damagedFiles: [],
  libraryChanges: 0,
}

/** The state after `event`. Parts that the event does not touch stay the same objects. */
export function reduce(state: BerthState, event: BerthEvent): BerthState {
  switch (event.type) {
    case 'snapshot':
      return {
        engines: event.engines,
        swarms: event.swarms,
        settings: event.settings,
        workspaces: collect(event.workspaces, byCreation),
        operations: collect(event.operations, newestFirst),
        terminals: collect(event.terminals, byOpening),
        terminalLayouts: Object.fromEntries(event.terminalLayouts.map((layout) => [layout.workspaceId, layout])),
        snapshots: event.snapshots.reduce(putSnapshot, {}),
        ports: Object.fromEntries(event.ports.map((ports) => [ports.workspaceId, ports])),
        adoptable: event.adoptable.toSorted(byAge),
        damagedFiles: event.damagedFiles,
        libraryChanges: state.libraryChanges + 1,
      }
    case 'engine':
      return { ...state, engines: putEngine(state.engines, event.engine) }
    case 'engine-removed':
      return { ...state, engines: state.engines.filter(({ id }) => id !== event.engineId) }
    case 'swarms':
      return { ...state, swarms: event.swarms }
    case 'damaged-files':
      return { ...state, damagedFiles: event.damagedFiles }
    case 'settings':
      return { ...state, settings: event.settings }
    case 'workspace':
      return { ...state, workspaces: put(state.workspaces, event.workspace, byCreation) }
    case 'workspace-removed':
      return {
        ...state,
        workspaces: remove(state.workspaces, event.workspaceId),
        snapshots: without(state.snapshots, event.workspaceId),
        terminalLayouts: without(state.terminalLayouts, event.workspaceId),
        ports: without(state.ports, event.workspaceId),
      }
    case 'operation':
      return { ...state, operations: forgetOldest(put(state.operations, event.operation, newestFirst)) }
    case 'snapshot-changed':
      return { ...state, snapshots: putSnapshot(state.snapshots, event.snapshot) }
    case 'snapshot-removed':
      return { ...state, snapshots: removeSnapshot(state.snapshots, event.snapshotId) }
    case 'adoptable': {
      const others = state.adoptable.filter(({ containerId }) => containerId !== event.adoptable.containerId)
      return { ...state, adoptable: [...others, event.adoptable].sort(byAge) }
    }
    case 'adoptable-removed':
      return { ...state, adoptable: state.adoptable.filter(({ containerId }) => containerId !== event.containerId) }
    case 'terminal':
      return { ...state, terminals: put(state.terminals, event.terminal, byOpening) }
    case 'terminal-removed':
      return { ...state, terminals: remove(state.terminals, event.sessionId) }
    case 'terminal-layout':
      return { ...state, terminalLayouts: { ...state.terminalLayouts, [event.layout.workspaceId]: event.layout } }
    case 'library':
      return { ...state, libraryChanges: state.libraryChanges + 1 }
    case 'ports':
      return { ...state, ports: { ...state.ports, [event.ports.workspaceId]: event.ports } }
    default:
      // A newer Berth may say what this page does not know yet.
      event satisfies never
      return state
  }
}

function collect<Item extends { id: string }>(items: Item[], compare: Compare<Item>): Collection<Item> {
  const sorted = items.toSorted(compare)
  return { byId: Object.fromEntries(sorted.map((item) => [item.id, item])), ids: sorted.map(({ id }) => id) }
}

function put<Item extends { id: string }>(collection: Collection<Item>, item: Item, compare: Compare<Item>): Collection<Item> {
  const before = collection.byId[item.id]
  const byId = { ...collection.byId, [item.id]: item }
  if (before !== undefined && compare(before, item) === 0) return { byId, ids: collection.ids }
  const others = collection.ids.filter((id) => id !== item.id)
  const place = others.findIndex((id) => {
    const other = byId[id]
    return other !== undefined && compare(item, other) < 0
  })
  return { byId, ids: place === -1 ? [...others, item.id] : others.toSpliced(place, 0, item.id) }
}

function remove<Item>(collection: Collection<Item>, id: string): Collection<Item> {
  if (!(id in collection.byId)) return collection
  return { byId: without(collection.byId, id), ids: collection.ids.filter((other) => other !== id) }
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  if (!(key in record)) return record
  const { [key]: _, ...rest } = record
  return rest
}

function putSnapshot(snapshots: BerthState['snapshots'], snapshot: Snapshot): BerthState['snapshots'] {
  const others = (snapshots[snapshot.workspaceId] ?? []).filter(({ id }) => id !== snapshot.id)
  return { ...snapshots, [snapshot.workspaceId]: [...others, snapshot].sort(latestFirst) }
}

function removeSnapshot(snapshots: BerthState['snapshots'], snapshotId: string): BerthState['snapshots'] {
  const owner = Object.keys(snapshots).find((workspaceId) => snapshots[workspaceId]?.some(({ id }) => id === snapshotId))
  if (owner === undefined) return snapshots
  const rest = (snapshots[owner] ?? []).filter(({ id }) => id !== snapshotId)
  return rest.length === 0 ? without(snapshots, owner) : { ...snapshots, [owner]: rest }
}

function forgetOldest(operations: Collection<Operation>): Collection<Operation> {
  const ended = operations.ids.filter((id) => operations.byId[id]?.endedAt != null)
  return ended.slice(ENDED_OPERATIONS_KEPT).reduce(remove, operations)
}

/** In its place, or behind the others. */
function putEngine(engines: readonly EngineView[], engine: EngineView): readonly EngineView[] {
  return engines.some(({ id }) => id === engine.id)
    ? engines.map((other) => (other.id === engine.id ? engine : other))
    : [...engines, engine]
}
