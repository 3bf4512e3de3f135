import type { Core } from '../../src/main/core'
import type { Operation } from '../../src/shared/operation'
import type { Content } from './engine/content'
import type { EngineState } from './engine/engine-state'
import type { World } from './world/world'

/** The disk state of a workspace or a snapshot. */
export interface DiskState {
  home: Content
  docker: Content
  layer: Content
}

/** A snapshot as the records have it. */
export interface RecordedSnapshot {
  id: string
  workspaceId: string
  name: string
  volumes: { home: string; docker: string }
}

const ID = 'dev.berth.id'

/** What each workspace is to hold by its history, told by what people did and by how operations ended. */
export interface Ledger {
  /** Somebody inside writes. */
  write(workspaceId: string, part: keyof DiskState, content: Content): void
  /** Compares, and takes over what an operation that succeeded has made. Throws a `Violation`. */
  ended(operation: Operation, core: Core): void
  /** Compares all that nothing is under way on. */
  check(core: Core): void
}

/** An invariant that does not hold. */
export class Violation extends Error {
  constructor(
    readonly invariant: string,
    message: string,
  ) {
    super(`(${invariant}) ${message}`)
  }
}

/** `recordedSnapshots` is what Berth has on its disk. */
export function createLedger(world: World, engine: EngineState, recordedSnapshots: () => RecordedSnapshot[]): Ledger {
  const expected = new Map<string, DiskState>()
  /** Every state a workspace was in, so that a copy can be told to be of one moment. */
  const history = new Map<string, DiskState[]>()
  const snapshots = new Map<string, DiskState>()

  function note(id: string, state: DiskState): void {
    world.trace(`ledger ${id} ${text(state)}`)
    expected.set(id, state)
    history.set(id, [...(history.get(id) ?? []), state])
  }

  function actual(id: string, core: Core): DiskState {
    const { volumes } = core.workspaces.get(id)
    const owned = [...engine.containers.values()].filter(({ spec }) => spec.labels[ID] === id)
    const current = owned.find(({ name }) => name === core.workspaces.get(id).containerName)
    const kept = [...engine.images.values()].find(({ references }) => [...references].some((one) => one.startsWith(`berth-layer/${id}:`)))
    const content = (name: string) => engine.volumes.get(name)?.content ?? 0
    return { home: content(volumes.home), docker: content(volumes.docker), layer: current?.content ?? kept?.content ?? 0 }
  }

  function compare(id: string, core: Core, why: string): void {
    const wanted = expected.get(id)
    const found = actual(id, core)
    if (wanted && text(wanted) !== text(found)) {
      throw new Violation('a', `${core.workspaces.get(id).name} is to have ${text(wanted)} and has ${text(found)} ${why}`)
    }
  }

  function assertOfOneMoment(copy: DiskState, source: string, why: string): void {
    const states = history.get(source) ?? []
    const volumes = states.some(({ home, docker }) => home === copy.home && docker === copy.docker)
    if (!volumes || !states.some(({ layer }) => layer === copy.layer)) {
      throw new Violation('a', `${why}: ${text(copy)} is no state that ${source} ever had`)
    }
  }

  return {
    write(id, part, content) {
      const before = expected.get(id)
      if (before) note(id, { ...before, [part]: content })
    },
    ended(operation, core) {
      const { workspaceId: id, status } = operation
      if (id === null) return
      const exists = core.workspaces.list().some((workspace) => workspace.id === id)
      for (const snapshot of recordedSnapshots().filter(({ workspaceId }) => workspaceId === id)) {
        if (snapshots.has(snapshot.id)) continue
        const content = (name: string) => engine.volumes.get(name)?.content ?? 0
        const layer = [...engine.images.values()].find(({ references }) => references.has(`berth-layer/${snapshot.id}:snapshot`))
        const state = { home: content(snapshot.volumes.home), docker: content(snapshot.volumes.docker), layer: layer?.content ?? 0 }
        assertOfOneMoment(state, id, `snapshot ${snapshot.name}`)
        snapshots.set(snapshot.id, state)
      }
      const succeeded = status === 'succeeded'
      if (succeeded && operation.kind === 'workspace.create') return note(id, actual(id, core))
      if (!exists) {
        if (operation.kind === 'workspace.delete' && succeeded) expected.delete(id)
        return
      }
      if (succeeded && operation.kind === 'workspace.clone') {
        const made = actual(id, core)
        for (const { workspaceId } of operation.involves) assertOfOneMoment(made, workspaceId, 'clone')
        return note(id, made)
      }
      if (succeeded && operation.kind === 'snapshot.restore') {
        const made = actual(id, core)
        if (![...snapshots.values()].some((state) => text(state) === text(made))) {
          throw new Violation('b', `restore of ${operation.workspaceName} succeeded and made ${text(made)}, which no snapshot has`)
        }
        return note(id, made)
      }
      compare(id, core, `after ${operation.kind} ended as ${status}`)
    },
    check(core) {
      for (const { id, operationId } of core.workspaces.list()) if (operationId === null) compare(id, core, 'in the end')
    },
  }
}

function text({ home, docker, layer }: DiskState): string {
  return `home ${home}, docker ${docker}, layer ${layer}`
}
