import { isDeepStrictEqual } from 'node:util'
import { nanoid } from 'nanoid'
import type { EngineState, EngineView, FoundEngine } from '../../../shared/contract/engines'
import { BerthError } from '../../../shared/errors'
import { createEngine as connectEngine } from '../../engine/engine'
import { findEngines } from '../../engine/found-engines'
import { trustHost } from '../../engine/ssh/trust-host'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import { byReference, type EngineEntry, type EngineList } from '../../settings/engine-list'
import { LOCAL_PLACE } from '../../settings/records'
import type { SettingsStore } from '../../settings/settings'
import type { Placed } from '../base/places'
import { problemAsError } from '../base/started-operation'
import { LABEL_MANAGED } from '../base/workspace-resources'
import { type EnginePlace, type EnginePlaceSurroundings, openEnginePlace } from './engine-place'
import type { Upkeep } from './upkeep'

/** An engine that is used: what works on it, and what looks after it. */
export interface UsedEngine {
  place: EnginePlace
  upkeep: Upkeep
}

/** Of an engine that answers. */
export type ConnectedState = Extract<EngineState, { status: 'connected' }>

/** Where an engine is said to be. */
export interface GivenEngine {
  address?: string | undefined
  tlsFolder?: string | undefined
  context?: string | undefined
}

/** All engines that are used, each with a connection of its own: one that hangs or is lost is nothing to the others. */
export interface Engines {
  /** The local one first. */
  all(): UsedEngine[]
  /** Where that record, snapshot or input is. Throws PLACE_UNKNOWN. */
  at(placed: Placed): UsedEngine
  /** By name or id; without one, that for new workspaces. Throws ENGINE_UNKNOWN. */
  find(reference?: string): UsedEngine
  places(): EnginePlace[]
  /** One that manages that Swarm and is connected; null while none is. */
  answeringManager(swarmId: string): EnginePlace | null
  /** As doors show them. */
  list(): EngineView[]
  /** Throws ENGINE_UNKNOWN. */
  get(reference: string): EngineView
  /** Connects to it first; `check` throws why it is not to be used. Throws ENGINE_EXISTS, and ENGINE_UNREACHABLE with the reason when it does not answer. */
  add(given: GivenEngine & { name: string }, check?: (state: ConnectedState) => void): Promise<EngineView>
  /** Makes it that for new workspaces. Throws ENGINE_UNKNOWN. */
  use(reference: string): EngineView
  /** Throws ENGINE_UNKNOWN, ENGINE_IN_USE. What Berth itself has there goes too, if it answers. */
  remove(reference: string): Promise<void>
  /** Those there are on this machine and in Docker’s and Podman’s own settings. */
  found(): FoundEngine[]
  /** Accepts the key with that fingerprint of the ssh server at that address. Throws what `trustHost` throws. */
  trust(address: string, fingerprint: string): Promise<void>
  /** Connects once; resolves with what came of it. */
  test(given: GivenEngine): Promise<EngineState>
  /** Tries at once. Throws ENGINE_UNKNOWN. */
  reconnect(reference: string): Promise<EngineView>
  /** Somebody looks on from now until the returned function is called: an engine that falls silent is noticed within seconds. */
  watch(): () => void
  /** Tells every door how they are now. */
  publish(): void
  /** Begins to connect to all. */
  start(): void
  close(): Promise<void>
}

interface EnginesOptions {
  entries: EngineList
  settings: SettingsStore
  operations: Pick<Operations, 'isAtWorkIn'>
  surroundings: Omit<EnginePlaceSurroundings, 'refusal' | 'isOnlyOne' | 'isPrepared'>
  /** Built when everything else is. */
  createUpkeep: (place: EnginePlace) => Upkeep
}

/** A connection that is only tried. */
const TEST_TIMEOUT_MS = 30_000

export function openEngines({ entries, settings, operations, surroundings, createUpkeep }: EnginesOptions): Engines {
  const { records, emit } = surroundings
  const used = new Map<string, UsedEngine>()
  /** Doors that show how they are. */
  let watchers = 0

  function watch(change: 1 | -1): void {
    watchers += change
    for (const { place } of used.values()) place.engine.setWatched(watchers > 0)
  }

  /** The engine that is used and is that daemon, whatever its address is. */
  const usedDaemon = (daemonId: string) =>
    [...used.values()].find(({ place }) => {
      const state = place.engine.state()
      return state.status === 'connected' && state.capabilities.daemonId === daemonId
    })?.place

  /** The same engine twice would have two of everything that looks after it. */
  function refusal(id: string, daemonId: string): string | null {
    const other = usedDaemon(daemonId)
    return other && other.id !== id ? `it is the same engine as ${other.name}` : null
  }

  function open({ id }: EngineEntry): EnginePlace {
    const entry = () => {
      const found = entries.list().find((each) => each.id === id)
      if (!found) throw new Error(`the engine ${id} was removed from Berth`)
      return found
    }
    const place = openEnginePlace(entry, {
      ...{ ...surroundings, refusal, isOnlyOne: () => entries.list().length === 1 },
      // One that is not used is for the operation's own steps to report.
      isPrepared: (other) => used.get(other)?.place.isPrepared() ?? true,
    })
    place.engine.setWatched(watchers > 0)
    let upkeep: Upkeep | null = null
    used.set(id, {
      place,
      // Built when it is first asked for: it needs services that need the places.
      get upkeep() {
        upkeep ??= createUpkeep(place)
        return upkeep
      },
    })
    return place
  }
  for (const entry of entries.list()) open(entry)

  function at({ place: id }: Placed): UsedEngine {
    const found = used.get(id)
    if (found) return found
    throw unknownPlace(id)
  }

  const nameForNew = () => settings.get().defaultEngine ?? LOCAL_PLACE

  // Only managers say which Swarm it is.
  const answeringManager = (swarmId: string) =>
    [...used.values()].find(({ place }) => {
      const state = place.engine.state()
      return state.status === 'connected' && state.capabilities.swarmId === swarmId
    })?.place ?? null

  /** An engine that manages the Swarm of that name or id: one that answers if there is one. null when there is no such Swarm. */
  function managerOf(reference: string): string | null {
    const swarm = byReference(entries.swarms.list(), reference)
    if (!swarm) return null
    return answeringManager(swarm.swarmId)?.id ?? swarm.manager
  }

  function find(given = nameForNew()): UsedEngine {
    // What asks about an engine means the manager where a Swarm is named.
    const reference = managerOf(given) ?? given
    const entry = byReference(entries.list(), reference)
    const found = entry && used.get(entry.id)
    if (found) return found
    throw new BerthError('ENGINE_UNKNOWN', `There is no engine named “${reference}” in Berth.`, {
      engine: reference,
      next: `Available engines: ${names().join(', ')}. “berth engine add” adds another.`,
    })
  }

  const names = () => entries.list().map(({ name }) => name)

  function view({ id, name, engine }: EnginePlace): EngineView {
    const entry = entries.list().find((each) => each.id === id)
    return { id, name, address: entry ? addressText(entry) : null, isDefault: name === nameForNew(), state: engine.state() }
  }

  function unknownPlace(place: string): BerthError {
    return new BerthError('PLACE_UNKNOWN', `The place “${place}” is unknown.`, {
      place,
      next: `Engines in Berth: ${names().join(', ')}.`,
    })
  }

  async function test(given: GivenEngine): Promise<EngineState> {
    const { createEngine = connectEngine } = surroundings
    const entry: EngineEntry = { id: nanoid(10), name: 'test', address: addressOf(given), newWorkspaceStorage: null, swarmNodeId: null }
    const engine = createEngine(
      { address: () => entry.address, surroundings: surroundings.surroundings, label: `${LABEL_MANAGED}=true` },
      entry,
    )
    try {
      return await new Promise<EngineState>((resolve) => {
        const timer = setTimeout(() => resolve(engine.state()), TEST_TIMEOUT_MS)
        const settle = (state: EngineState) => {
          if (state.status === 'connecting') return
          clearTimeout(timer)
          resolve(state)
        }
        engine.start({ onState: settle, onContainerEvent: () => undefined })
      })
    } finally {
      engine.close()
    }
  }

  async function close({ place, upkeep }: UsedEngine): Promise<void> {
    await place.network.settled()
    await upkeep.protection.close()
    await place.storageOfEngine.close()
    place.engine.close()
    await upkeep.protection.settled()
  }

  return {
    all: () => [...used.values()],
    places: () => [...used.values()].map(({ place }) => place),
    answeringManager,
    at,
    find,
    list: () => [...used.values()].map(({ place }) => view(place)),
    get: (reference) => view(find(reference).place),
    found: () =>
      findEngines(surroundings.surroundings).map(({ address, url, ...found }) => ({
        ...found,
        address: url,
        context: 'context' in address ? address.context : null,
        tlsFolder: 'url' in address ? (address.tlsFolder ?? null) : null,
        usedAs: entries.list().find((entry) => isDeepStrictEqual(entry.address, address))?.name ?? null,
      })),
    trust: (address, fingerprint) => trustHost(surroundings.surroundings, { url: address }, fingerprint),
    test,
    async add({ name, ...given }, check) {
      const assertFree = () => {
        const taken = [...names(), ...entries.swarms.list().map((swarm) => swarm.name)]
        if (taken.includes(name)) throw exists(name, `An engine named “${name}” already exists.`)
      }
      assertFree()
      const state = await test(given)
      assertAnswers(name, state)
      check?.(state)
      const same = usedDaemon(state.capabilities.daemonId)
      if (same) throw exists(same.name, `It is the same engine as ${same.name}.`)
      assertFree()
      const entry: EngineEntry = {
        id: nanoid(10),
        name,
        address: addressOf(given),
        newWorkspaceStorage: 'plain',
        swarmNodeId: state.capabilities.swarmNodeId,
      }
      await entries.add(entry)
      const place = open(entry)
      place.engine.start(place.listener)
      emit({ type: 'engine', engine: view(place) })
      await place.ready()
      return view(place)
    },
    use(reference) {
      const { place } = find(reference)
      settings.update({ defaultEngine: place.id === LOCAL_PLACE ? null : place.name })
      return view(place)
    },
    async remove(reference) {
      const found = find(reference)
      const { id, name } = found.place
      const assertUnused = () => {
        if (id === LOCAL_PLACE) throw inUse(name, 'It is the engine of this machine, which Berth always uses.', 'There is nothing to do.')
        const workspaces = records.list().flatMap((record) => (record.place === id ? [record.name] : []))
        const snapshots = records.snapshots.list().flatMap((snapshot) => (snapshot.place === id ? [snapshot.name] : []))
        if (workspaces.length > 0) {
          const next = 'Move them to another engine with “berth move”, or delete them first.'
          throw inUse(name, `Workspaces are on it: ${workspaces.join(', ')}.`, next, workspaces)
        }
        if (snapshots.length > 0) throw inUse(name, `Snapshots are on it: ${snapshots.join(', ')}.`, 'Delete them first.')
        if (name === nameForNew()) throw inUse(name, 'It is the engine for new workspaces.', 'Use another engine for new workspaces first.')
        const swarm = entries.swarms.list().find(({ manager }) => manager === id)
        if (swarm)
          throw inUse(name, `It manages the Swarm ${swarm.name}.`, `Remove the Swarm from Berth first: berth swarm remove ${swarm.name}`)
        if (operations.isAtWorkIn(id))
          throw inUse(name, 'An operation on it is running.', 'Wait until the operation has ended, or cancel it.')
      }
      assertUnused()
      await entries.remove(id)
      used.delete(id)
      emit({ type: 'engine-removed', engineId: id })
      await close(found).catch((error: unknown) =>
        log.warn({ err: error, engine: name }, 'Berth’s resources on an engine could not be removed'),
      )
    },
    async reconnect(reference) {
      const { place } = find(reference)
      await place.engine.reconnect()
      return view(place)
    },
    watch() {
      watch(1)
      return () => watch(-1)
    },
    publish() {
      for (const { place } of used.values()) emit({ type: 'engine', engine: view(place) })
    },
    start() {
      for (const { place } of used.values()) place.engine.start(place.listener)
    },
    async close() {
      await Promise.all([...used.values()].map(close))
    },
  }
}

const addressOf = ({ address, tlsFolder, context }: GivenEngine): EngineEntry['address'] =>
  context !== undefined ? { context } : { url: address ?? '', ...(tlsFolder === undefined ? {} : { tlsFolder }) }

function addressText({ address }: EngineEntry): string | null {
  if (address === null) return null
  return 'context' in address ? `context ${address.context}` : address.url
}

function assertAnswers(name: string, state: EngineState): asserts state is Extract<EngineState, { status: 'connected' }> {
  if (state.status === 'connected') return
  // Something that the user can decide, such as whether a host is to be trusted.
  if (state.status === 'unreachable' && state.problem) throw problemAsError(state.problem)
  const tried = state.status === 'unreachable' ? state.tried : []
  const reason = tried.map(({ reason: why }) => why).join('; ') || 'it did not answer in time'
  throw new BerthError('ENGINE_UNREACHABLE', `The engine ${name} does not answer: ${reason}.`, {
    endpoint: tried.map(({ endpoint }) => endpoint).join(', '),
    tried,
    next: 'Check the address and that the engine is running. Nothing was added.',
  })
}

function exists(engine: string, message: string): BerthError {
  return new BerthError('ENGINE_EXISTS', message, { engine, next: 'Choose another name, or remove the existing one first.' })
}

function inUse(engine: string, reason: string, next: string, workspaces: string[] = []): BerthError {
  return new BerthError('ENGINE_IN_USE', `${engine} cannot be removed. ${reason}`, { engine, workspaces, next })
}
