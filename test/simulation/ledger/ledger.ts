import type { Core } from '../../../src/main/core'
import type { Operation } from '../../../src/shared/operation'
import { hasEnded } from '../../../src/shared/operation-state'
import { inContainer } from '../../../src/shared/testing/in-container'
import type { Workspace } from '../../../src/shared/workspace'
import { type Content, EMPTY } from '../engine/content'
import { isRunning } from '../engine/simulated-container'
import type { SimulatedPlaces } from '../engine/simulated-place'
import { containerOf } from '../engine/workspace-container'
import { Violation } from '../violation'
import type { World } from '../world/world'
import { createFields, type FieldChange } from './fields'
import { createForeigners, type Foreigners } from './foreigners'

/** The disk state of a workspace or a snapshot. */
export interface DiskState {
  home: Content
  docker: Content
  layer: Content
}

/** A snapshot as the records have it. */
export interface RecordedSnapshot {
  id: string
  place: string
  workspaceId: string
  name: string
  automatic: boolean
  volumes: { home: string; docker: string }
  createdAt: string
}

export interface RecordedWorkspace {
  id: string
  place: string
  name: string
  volumes: { home: string; docker: string }
  limitsInDoubt?: boolean
  keptLayer: { reference: string } | null
  restoredAt?: string | undefined
  sshPort: number | null
}

/** What is in `state.json`. */
export interface RecordedState {
  workspaces: RecordedWorkspace[]
  snapshots: RecordedSnapshot[]
}

/** What an operation was asked for, as far as it cannot be told from the operation. */
export interface Intent {
  /** Make again what others have removed. */
  recreate?: boolean
  /** Id of the snapshot it is to be made from. */
  snapshot?: string | undefined
  /** Id of the container of another tool. */
  adopts?: string
  /** Id of the workspace that it reads, which is to stay as it is meanwhile. */
  copies?: string
  /** The engine that the new workspace is to be on. */
  engine?: string | undefined
  /** It is to move to another engine without them. */
  dropsSnapshots?: boolean
}

/** What each workspace is to hold by its history, told by what people did and by how operations ended. */
export interface Ledger {
  /** What others have on that engine. */
  foreignersOn(place: string): Foreigners
  recorded(): RecordedState
  /** Somebody inside writes. */
  write(workspaceId: string, part: keyof DiskState, content: Content): void
  /** Somebody else has removed a part of it from that engine. */
  removedOutside(workspaceId: string, part: keyof DiskState, place: string): void
  snapshotRemovedOutside(snapshotId: string): void
  changing(workspaceId: string, fields: object): FieldChange
  intend(operationId: string, intent: Intent): void
  /** A process has come up. Operations that it does not know had done nothing, and others have ended. */
  opened(core: Core): void
  /** To be told of each change of each operation. Compares, and takes over what one that succeeded has made. Throws a `Violation`. */
  changed(operation: Operation, core: Core): void
  /** Compares all that nothing is under way on. */
  check(core: Core): void
}

interface Begun {
  operation: Operation
  /** In virtual milliseconds. */
  at: number
  isDisturbed: boolean
  /** Its workspace ran. */
  ran: boolean
  /** Where its workspace was, and its port; null for one that was not known. */
  before: { place: string; sshPort: number | null } | null
  /** What a copy of a workspace without a container was to take for its layer then, by the workspace. */
  layers: Map<string, Content>
}

interface Moment {
  state: DiskState
  /** In virtual milliseconds. */
  until: number
}

/** An operation reads what it is to act on before it is first heard of, and after the one before it has ended. */
const LONGEST_PREPARATION_MS = 2000
const NOTHING: DiskState = { home: 0, docker: 0, layer: 0 }
/** These end with a workspace that runs; whether it is ready another process or connection has to look again. */
const MAKES_READY: readonly Operation['kind'][] = ['workspace.create', 'workspace.start', 'workspace.restart']
/** Past their commit step what they make is there, whatever their scripts do. */
const MADE_BEFORE_SCRIPTS: readonly Operation['kind'][] = [
  ...(['workspace.create', 'workspace.adopt', 'workspace.clone', 'workspace.import', 'workspace.rebuild', 'snapshot.restore'] as const),
  'workspace.relocate',
]
/** Nothing but scripts follows their commit step: once it has begun they go on until they succeed. */
const WITHOUT_FOLLOW_UP: readonly Operation['kind'][] = [
  ...(['workspace.stop', 'workspace.delete', 'workspace.move', 'workspace.adopt', 'snapshot.restore', 'snapshot.delete'] as const),
  'workspace.relocate',
]
const SCRIPT_STEPS = ['init', 'post-start']
/** These leave it running or stopped, as it was. */
const LEAVES_AS_IT_WAS: readonly Operation['kind'][] = [
  ...(['snapshot.restore', 'workspace.move', 'workspace.rebuild', 'snapshot.create', 'workspace.rename'] as const),
  'workspace.relocate',
]
/** These end with a container of the workspace, which may have been made for it. */
const STARTS: readonly Operation['kind'][] = ['workspace.start', 'workspace.restart', 'workspace.move', 'workspace.relocate']

interface LedgerOptions {
  recorded: () => RecordedState
  /** Nobody starts, stops or removes containers past Berth. */
  isAlone: boolean
}

export function createLedger(world: World, places: SimulatedPlaces, { recorded, isAlone }: LedgerOptions): Ledger {
  const expected = new Map<string, DiskState>()
  /** Every state a workspace was in, so that a copy can be told to be of one moment. */
  const history = new Map<string, Moment[]>()
  const snapshots = new Map<string, { workspaceId: string; name: string; state: DiskState | null }>()
  const begun = new Map<string, Begun>()
  const intents = new Map<string, Intent>()
  const lost = new Set<string>()
  /** When the last operation on a workspace ended. */
  const lastEnds = new Map<string, number>()
  const fields = createFields()
  const foreigners = new Map(places.list.map(({ id, engine }) => [id, createForeigners(engine)]))
  function foreignersOn(place: string): Foreigners {
    const found = foreigners.get(place)
    if (!found) throw new Error(`there is no engine ${place}`)
    return found
  }

  function note(id: string, state: DiskState): void {
    world.trace(`ledger ${id} ${text(state)}`)
    const moments = history.get(id) ?? []
    const last = moments.at(-1)
    if (last) last.until = world.now()
    history.set(id, [...moments, { state, until: Number.POSITIVE_INFINITY }])
    expected.set(id, state)
  }

  /** What another has made under the name of a volume that is gone is nothing of the workspace's. */
  const contentOf = (place: string, volume: string) =>
    foreignersOn(place).hasVolume(volume) ? EMPTY : (places.at(place).engine.contentOf(volume) ?? EMPTY)

  function actual(workspace: Pick<RecordedWorkspace, 'id' | 'name' | 'place' | 'volumes'>): DiskState {
    const { id, place, volumes } = workspace
    const { engine } = places.at(place)
    // Of those that were kept the newest is what it is recreated from.
    const kept = [...engine.images.values()]
      .filter(({ references }) => [...references].some((one) => one.startsWith(`berth-layer/${id}:`)))
      .toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime())
      .at(-1)
    const layer = containerOf(engine, workspace)?.content ?? kept?.content ?? 0
    return { home: contentOf(place, volumes.home), docker: contentOf(place, volumes.docker), layer }
  }

  /** As the records have it. */
  function placed(workspace: Workspace) {
    const found = inContainer(workspace)
    return { ...found, place: found.engine }
  }

  function actualSnapshot({ id, place, volumes }: RecordedSnapshot): DiskState {
    const image = [...places.at(place).engine.images.values()].find(({ references }) => references.has(`berth-layer/${id}:snapshot`))
    return { home: contentOf(place, volumes.home), docker: contentOf(place, volumes.docker), layer: image?.content ?? 0 }
  }

  function compare(workspace: Workspace, why: string): void {
    const wanted = expected.get(workspace.id)
    const found = actual(placed(workspace))
    if (wanted && text(wanted) !== text(found)) {
      throw new Violation('a', `${workspace.name} is to have ${text(wanted)} and has ${text(found)} ${why}`)
    }
  }

  /** What a copy takes for the layer of a container that is gone: the kept one, else the newest of its own images and its snapshots’. */
  function nearestLayer({ id, place, keptLayer, restoredAt = '' }: RecordedWorkspace): Content {
    const named = [...places.at(place).engine.images.values()].flatMap(({ references, content, createdAt }) =>
      [...references].map((reference) => ({ reference, content, at: createdAt.toISOString() })),
    )
    const own = named.filter(({ reference }) => reference.startsWith(`berth-layer/${id}:`) && !reference.endsWith(':export'))
    const kept = own.find(({ reference }) => reference === keptLayer?.reference)
    if (kept) return kept.content
    const ofSnapshots = recorded()
      .snapshots.filter(({ workspaceId, createdAt }) => workspaceId === id && createdAt >= restoredAt)
      .flatMap((snapshot) =>
        named
          .filter(({ reference }) => reference === `berth-layer/${snapshot.id}:snapshot`)
          .map((image) => ({ ...image, at: snapshot.createdAt })),
      )
    return [...own, ...ofSnapshots].toSorted((one, other) => other.at.localeCompare(one.at))[0]?.content ?? EMPTY
  }

  function layersOfThoseWithout(): Map<string, Content> {
    const without = recorded().workspaces.filter((one) => containerOf(places.at(one.place).engine, one) === null)
    return new Map(without.map((one) => [one.id, nearestLayer(one)]))
  }

  function assertOfOneMoment(copy: DiskState, source: string, { at: since, layers }: Pick<Begun, 'at' | 'layers'>, why: string): void {
    const lastEnd = lastEnds.get(source) ?? Number.NEGATIVE_INFINITY
    const isPast = (until: number) => until < since - LONGEST_PREPARATION_MS || (until <= lastEnd && lastEnd <= since)
    const states = (history.get(source) ?? []).filter(({ until }) => !isPast(until)).map(({ state }) => state)
    const volumes = states.some(({ home, docker }) => home === copy.home && docker === copy.docker)
    if (!volumes || !(states.some(({ layer }) => layer === copy.layer) || layers.get(source) === copy.layer)) {
      throw new Violation('a', `${why}: ${text(copy)} is none of what its source was meanwhile: ${states.map(text).join('; ')}`)
    }
  }

  function lookAtSnapshots({ id: operationId, kind, status, workspaceId, committed }: Operation, since: Omit<Begun, 'operation'>): void {
    const present = recorded().snapshots.filter((snapshot) => snapshot.workspaceId === workspaceId)
    const added = present.filter(({ id }) => !snapshots.has(id))
    const gone = [...snapshots].filter(([id, one]) => one.workspaceId === workspaceId && !present.some((other) => other.id === id))
    for (const snapshot of added) {
      const state = actualSnapshot(snapshot)
      if (!since.isDisturbed) assertOfOneMoment(state, snapshot.workspaceId, since, `snapshot ${snapshot.name}`)
      snapshots.set(snapshot.id, { workspaceId: snapshot.workspaceId, name: snapshot.name, state })
    }
    for (const [id] of gone) snapshots.delete(id)
    // Whose answer nobody got may have been asked for either.
    const dropsAll = kind === 'workspace.relocate' && committed ? intents.get(operationId)?.dropsSnapshots : false
    const mayDrop = dropsAll !== false || ['snapshot.delete', 'snapshot.restore', 'workspace.rebuild', 'workspace.delete'].includes(kind)
    if (dropsAll && present.length > 0) throw new Violation('b', `${kind} ended as ${status}, and left the snapshot ${present[0]?.name}`)
    const wanted = kind === 'snapshot.create' && status === 'succeeded' ? 1 : 0
    const mayAdd = ['snapshot.restore', 'workspace.rebuild'].includes(kind)
    if ((!mayAdd || (status !== 'succeeded' && !committed)) && added.length !== wanted) {
      throw new Violation('b', `${kind} ended as ${status}, and there are ${added.length} more snapshots`)
    }
    if (gone.length > 0 && !mayDrop) throw new Violation('b', `${kind} ended as ${status}, and the snapshot ${gone[0]?.[1].name} is gone`)
  }

  /** What the workspace is to hold when the operation has succeeded; null for what it held before. */
  function wantedAfter(
    { kind, id, involves, workspaceId }: Operation,
    found: DiskState,
    place: string,
    since: Omit<Begun, 'operation'>,
  ): DiskState | null {
    const { snapshot, adopts } = intents.get(id) ?? {}
    const ofSnapshot = snapshot === undefined ? undefined : (snapshots.get(snapshot)?.state ?? undefined)
    switch (kind) {
      case 'workspace.create':
        return expected.get(workspaceId ?? '') ?? NOTHING
      case 'workspace.clone':
        if (snapshot !== undefined) return ofSnapshot ?? found
        for (const source of involves) assertOfOneMoment(found, source.workspaceId, since, 'clone')
        return found
      case 'snapshot.restore':
        return ofSnapshot ?? found
      case 'workspace.rebuild':
        // What was installed is left behind; its volumes stay.
        return { ...(expected.get(workspaceId ?? '') ?? found), layer: EMPTY }
      case 'workspace.adopt': {
        const wanted = adopts === undefined ? null : foreignersOn(place).contentOf(adopts)
        return wanted ?? found
      }
      default:
        return null
    }
  }

  /** Something of the workspace, or of a snapshot that is being made of it, is not as the operations on it have left it. */
  function disturb(workspaceId: string | undefined): void {
    for (const entry of begun.values()) {
      const { operation } = entry
      const ids = [operation.workspaceId, ...operation.involves.map((one) => one.workspaceId)]
      if (workspaceId !== undefined && ids.includes(workspaceId)) entry.isDisturbed = true
    }
  }

  /** What is read is held: nobody changes it before the copy is made. */
  function assertNotChangedWhileRead(source: string): void {
    const all = [...begun.values()].map(({ operation }) => operation)
    const reader = all.find(({ id }) => intents.get(id)?.copies === source)
    const change = all.find(({ workspaceId }) => workspaceId === source)
    if (reader && change) throw new Violation('b', `${change.kind} of ${change.workspaceName} is under way while ${reader.kind} reads it`)
  }

  const placeBefore = (id: string | null): Begun['before'] => recorded().workspaces.find((one) => one.id === id) ?? null

  function runs(id: string | null): boolean {
    const workspace = recorded().workspaces.find((one) => one.id === id)
    const container = workspace && containerOf(places.at(workspace.place).engine, workspace)
    return container ? isRunning(container) : false
  }

  /** It is where it was, or where it was to move to, and has its port. */
  function checkPlace({ kind, status, committed }: Operation, { name, engine, ports }: Workspace, { before }: Begun): void {
    if (before === null) return
    const isMoved = kind === 'workspace.relocate' && (status === 'succeeded' || committed)
    if ((engine === before.place) === isMoved) throw new Violation('h', `${kind} of ${name} ended as ${status}, and it is on ${engine}`)
    if (kind === 'workspace.relocate' && isAlone && ports.ssh !== before.sshPort)
      throw new Violation('b', `${kind} of ${name} ended as ${status}, and its port is ${ports.ssh} instead of ${before.sshPort}`)
  }

  /** `isTold` is whether the process that ended it has told so; another does not know yet what runs. */
  function ended(operation: Operation, core: Core, isTold: boolean): void {
    const { workspaceId: id, status, kind, committed } = operation
    const entry = begun.get(operation.id) ?? {
      operation,
      at: 0,
      isDisturbed: true,
      ran: false,
      before: null,
      layers: new Map<string, Content>(),
    }
    const isDisturbed = entry.isDisturbed || operation.accepted
    const since = { ...entry, isDisturbed }
    begun.delete(operation.id)
    if (id === null) return
    const workspace = core.workspaces.list().find((one) => one.id === id)
    const isOfScripts = operation.steps.some((step) => step.status === 'failed' && SCRIPT_STEPS.includes(step.name))
    if (committed && status !== 'succeeded' && !isOfScripts && !operation.accepted && WITHOUT_FOLLOW_UP.includes(kind)) {
      throw new Violation('b', `${kind} of ${operation.workspaceName} ended as ${status} although its commit step had begun`)
    }
    // One that Berth 0.1.0 began has no steps for scripts, and leaves a script that had failed before as it is.
    const leavesScript = workspace?.initState === 'failed' && !operation.steps.some(({ name }) => SCRIPT_STEPS.includes(name))
    const seesStatus = isAlone && isTold
    const isReady = (leavesScript && workspace.running) || ['running', 'starting'].includes(workspace?.status ?? '')
    if (seesStatus && status === 'succeeded' && MAKES_READY.includes(kind) && !isReady) {
      throw new Violation('b', `${kind} of ${operation.workspaceName} succeeded, and it is ${workspace?.status}`)
    }
    if (seesStatus && status === 'succeeded' && kind === 'workspace.stop' && workspace?.status !== 'stopped') {
      throw new Violation('b', `${kind} of ${operation.workspaceName} succeeded, and it is ${workspace?.status}`)
    }
    if (isAlone && status === 'succeeded' && !isDisturbed && LEAVES_AS_IT_WAS.includes(kind) && runs(id) !== entry.ran) {
      throw new Violation('b', `${kind} of ${operation.workspaceName} succeeded, and it ${entry.ran ? 'ran' : 'stood still'} before`)
    }
    if (isAlone && !committed && status !== 'succeeded' && !isDisturbed && kind === 'workspace.relocate' && runs(id) !== entry.ran) {
      throw new Violation(
        'b',
        `${kind} of ${operation.workspaceName} ended as ${status}, and it ${entry.ran ? 'ran' : 'stood still'} before`,
      )
    }
    lookAtSnapshots(operation, since)
    if (!workspace) {
      if (kind === 'workspace.delete' && status === 'succeeded') {
        expected.delete(id)
        fields.forget(id)
      } else if (expected.has(id) && !isDisturbed)
        throw new Violation('a', `${operation.workspaceName} is gone after ${kind} ended as ${status}`)
      return
    }
    if (kind === 'workspace.delete' && status === 'succeeded') throw new Violation('b', `${workspace.name} was deleted and is there`)
    const { place } = placed(workspace)
    const found = actual(placed(workspace))
    const container = containerOf(places.at(place).engine, workspace)
    checkPlace(operation, workspace, entry)
    const asked = intents.get(operation.id)?.engine
    if (asked !== undefined && asked !== place) throw new Violation('h', `${workspace.name} was to be on ${asked}, and is on ${place}`)
    if (status === 'succeeded' && STARTS.includes(kind) && lost.has(id) && !isDisturbed && !intents.get(operation.id)?.recreate) {
      if (container) throw new Violation('a', `${kind} made ${workspace.name} again, with less in it, and nobody had agreed`)
    }
    // Who agrees to the loss gets what there is.
    const isRecreated = (status === 'succeeded' || committed) && lost.has(id) && intents.get(operation.id)?.recreate === true
    if (container) lost.delete(id)
    // What was removed while it had two containers shows when the other one has gone, too.
    else if (isDisturbed && text(found) !== text(expected.get(id) ?? found)) lost.add(id)
    const stands = status === 'succeeded' || (committed && MADE_BEFORE_SCRIPTS.includes(kind))
    const wanted = stands && !isDisturbed ? wantedAfter(operation, found, place, since) : null
    const { adopts } = intents.get(operation.id) ?? {}
    if (stands && adopts !== undefined) foreignersOn(place).adopted(adopts)
    if (isDisturbed || isRecreated) note(id, found)
    else if (wanted !== null) {
      if (text(wanted) !== text(found)) {
        throw new Violation('b', `${kind} of ${workspace.name} ended as ${status}: it is to have ${text(wanted)} and has ${text(found)}`)
      }
      if (text(expected.get(id) ?? NOTHING) !== text(found) || !expected.has(id)) note(id, found)
    } else if (!expected.has(id) && !stands) {
      throw new Violation('b', `${kind} ended as ${status}, and ${workspace.name} is there`)
    } else compare(workspace, `after ${kind} ended as ${status}`)
    fields.takeNew(id, fieldsOf(workspace))
  }

  function takeEnd(operation: Operation, core: Core, isTold: boolean): void {
    ended(operation, core, isTold)
    if (operation.workspaceId !== null) lastEnds.set(operation.workspaceId, world.now())
  }

  return {
    foreignersOn,
    recorded,
    write: (id, part, content) => note(id, { ...(expected.get(id) ?? NOTHING), [part]: content }),
    removedOutside(id, part, place) {
      const workspace = recorded().workspaces.find((one) => one.id === id)
      const isMovedFrom = [...begun.values()].some(({ operation, before }) => operation.workspaceId === id && before?.place === place)
      // Of what is brought there the original is where it was.
      if (workspace && workspace.place !== place && !isMovedFrom) return
      disturb(id)
      if (workspace && workspace.place !== place) return
      const before = expected.get(id)
      if (!workspace || !before) return
      const found = actual(workspace)
      // What it held may be kept elsewhere; or what is gone only stood in for it.
      if (text(found) !== text(before) && containerOf(places.at(workspace.place).engine, workspace) === null) lost.add(id)
      note(id, { ...before, [part]: found[part] })
    },
    snapshotRemovedOutside(id) {
      const snapshot = snapshots.get(id)
      if (snapshot) snapshot.state = null
      else disturb(recorded().snapshots.find((one) => one.id === id)?.workspaceId)
    },
    changing: fields.changing,
    intend(operationId, intent) {
      intents.set(operationId, intent)
      if (intent.copies !== undefined && begun.has(operationId)) assertNotChangedWhileRead(intent.copies)
    },
    opened(core) {
      const known = new Map(core.operations.list().map((operation) => [operation.id, operation]))
      for (const id of [...begun.keys()]) {
        const operation = known.get(id)
        if (operation === undefined) begun.delete(id)
        // In the journal it ended the moment its process was killed, and nobody was told.
        else if (hasEnded(operation)) takeEnd(operation, core, false)
      }
    },
    changed(operation, core) {
      const { workspaceId } = operation
      // `host/host-ledger.ts`.
      if (operation.kind.startsWith('host.')) return
      if (operation.endedAt !== null) {
        takeEnd(operation, core, true)
        return
      }
      const entry = begun.get(operation.id)
      if (entry) {
        entry.operation = operation
        return
      }
      begun.set(operation.id, {
        ...{ operation, at: world.now(), isDisturbed: false, ran: runs(workspaceId), before: placeBefore(workspaceId) },
        layers: layersOfThoseWithout(),
      })
      if (workspaceId !== null) assertNotChangedWhileRead(workspaceId)
    },
    check(core) {
      // What somebody accepts as it is left has no state that it is to have.
      const accepted = new Set(core.operations.list().flatMap((operation) => (operation.accepted ? [operation.workspaceId] : [])))
      for (const workspace of core.workspaces.list()) {
        if (workspace.kind === 'host' || workspace.operationId !== null || accepted.has(workspace.id)) continue
        compare(workspace, 'in the end')
        fields.check(workspace.id, workspace.name, fieldsOf(workspace))
      }
      for (const snapshot of recorded().snapshots) {
        const wanted = snapshots.get(snapshot.id)?.state
        const found = actualSnapshot(snapshot)
        if (wanted && text(wanted) !== text(found)) {
          throw new Violation('a', `the snapshot ${snapshot.name} is to have ${text(wanted)} and has ${text(found)}`)
        }
      }
      for (const each of foreigners.values()) each.check(() => false)
    },
  }
}

function fieldsOf({ name, label, template, limits }: Pick<Workspace, 'name' | 'label' | 'template' | 'limits'>): object {
  return { name, label, template, ...limits }
}

function text({ home, docker, layer }: DiskState): string {
  return `home ${home}, docker ${docker}, layer ${layer}`
}
