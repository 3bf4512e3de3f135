import { isDeepStrictEqual } from 'node:util'
import { nanoid } from 'nanoid'
import type { BerthEvent } from '../../../shared/contract/events'
import type { SwarmView } from '../../../shared/contract/swarms'
import { BerthError } from '../../../shared/errors'
import { log } from '../../log'
import { byReference, type EngineList, type SwarmEntry } from '../../settings/engine-list'
import type { SettingsStore } from '../../settings/settings'
import type { Reservations } from '../base/lifecycle-services'
import type { NodeChooser } from '../base/places'
import type { Engines } from '../places/engines'
import { createOneSwarm, type OneSwarm } from './one-swarm'
import type { SwarmSurroundings } from './swarm-surroundings'

/** Where the engines of nodes are, and what happens to workspaces of a node that is drained. What is left out stays as it is. */
export interface SwarmChoices {
  rule?: string | null | undefined
  tlsFolder?: string | null | undefined
  addresses?: Record<string, string> | undefined
  movesOnDrain?: boolean | undefined
}

/** All Swarms that are used. References are names or ids; what names one that is not used throws SWARM_UNKNOWN. */
export interface Swarms extends NodeChooser, Reservations {
  list(): SwarmView[]
  get(reference: string): SwarmView
  /** Throws SWARM_NO_MANAGER for an engine that manages none, and ENGINE_EXISTS. */
  add(given: SwarmChoices & { name: string; engine?: string | undefined }): Promise<SwarmView>
  update(reference: string, given: SwarmChoices): Promise<SwarmView>
  /** Whether it places new workspaces. */
  use(reference: string): SwarmView
  /** Throws ENGINE_IN_USE while there are workspaces whose node it has chosen. */
  remove(reference: string): Promise<void>
  /** An engine is connected, or is not any more. */
  onEngineState(id: string): void
  /** Nodes have come, gone or changed, of the Swarm that the engine manages. */
  onNodes(): void
  /** Something of a workspace has changed that a Swarm may have to know. */
  onWorkspaces(): void
  close(): void
}

interface SwarmsOptions extends Omit<SwarmSurroundings, 'engines' | 'nodeOfPlace' | 'engineName' | 'isDefault' | 'publish'> {
  entries: EngineList
  settings: SettingsStore
  engines: Engines
  emit: (event: BerthEvent) => void
}

export function openSwarms({ entries, settings, engines, emit, ...options }: SwarmsOptions): Swarms {
  const used = new Map<string, OneSwarm>()
  let told: SwarmView[] = []

  function publish(): void {
    const now = list()
    if (isDeepStrictEqual(now, told)) return
    told = now
    emit({ type: 'swarms', swarms: now })
  }

  const surroundings: SwarmSurroundings = {
    ...options,
    engines,
    nodeOfPlace(place) {
      const engine = engines
        .places()
        .find(({ id }) => id === place)
        ?.engine.state()
      const known = entries.list().find(({ id }) => id === place)?.swarmNodeId ?? null
      return engine?.status === 'connected' ? engine.capabilities.swarmNodeId : known
    },
    engineName: (id) => entries.list().find((entry) => entry.id === id)?.name ?? null,
    isDefault: ({ name }) => settings.get().defaultEngine === name,
    publish,
  }

  function open({ id }: SwarmEntry): OneSwarm {
    const entry = () => {
      const found = entries.swarms.list().find((each) => each.id === id)
      if (!found) throw new Error(`the Swarm ${id} was removed from Berth`)
      return found
    }
    const swarm = createOneSwarm(entry, surroundings)
    used.set(id, swarm)
    return swarm
  }
  for (const entry of entries.swarms.list()) open(entry)

  const list = () => [...used.values()].map((swarm) => swarm.view())

  const entryOf = (reference: string) => byReference(entries.swarms.list(), reference)

  function of(reference: string): { entry: SwarmEntry; swarm: OneSwarm } {
    const entry = entryOf(reference)
    const swarm = entry && used.get(entry.id)
    if (entry && swarm) return { entry, swarm }
    throw new BerthError('SWARM_UNKNOWN', `There is no Swarm named “${reference}” in Berth.`, {
      swarm: reference,
      next: '“berth swarm list” lists the Swarms, “berth swarm add” adds one.',
    })
  }

  return {
    list,
    get: (reference) => of(reference).swarm.view(),
    find(reference) {
      const entry = entryOf(reference)
      const swarm = entry && used.get(entry.id)
      return entry && swarm ? { id: entry.id, withNode: swarm.withNode } : null
    },
    async claim(record, imageId, notice) {
      const swarm = record.placement && used.get(record.placement.swarm)
      if (swarm) await swarm.claim(record, imageId, notice)
    },
    async add({ name, engine, ...given }) {
      const { place } = engines.find(engine)
      place.engine.assertConnected()
      const state = place.engine.state()
      const swarmId = state.status === 'connected' && state.capabilities.swarm === 'manager' ? state.capabilities.swarmId : null
      if (swarmId === null) throw noManager(name, place.name)
      const taken = [...engines.list(), ...entries.swarms.list()].some((other) => other.name === name)
      if (taken) throw exists(name, `An engine or a Swarm named “${name}” already exists.`, 'Choose another name.')
      const same = entries.swarms.list().find((other) => other.swarmId === swarmId)
      if (same) throw exists(same.name, `It is the same Swarm as ${same.name}.`, 'Change the existing one with “berth swarm set”.')
      const entry = changed(
        { id: nanoid(10), name, manager: place.id, swarmId, rule: null, tlsFolder: null, nodes: {}, movesOnDrain: true },
        given,
      )
      await entries.swarms.put(entry)
      const swarm = open(entry)
      await swarm.settled()
      return swarm.view()
    },
    async update(reference, given) {
      const { entry, swarm } = of(reference)
      await entries.swarms.put(changed(entry, given))
      swarm.tryAgain()
      await swarm.settled()
      return swarm.view()
    },
    use(reference) {
      const { entry, swarm } = of(reference)
      settings.update({ defaultEngine: entry.name })
      publish()
      return swarm.view()
    },
    async remove(reference) {
      const { entry, swarm } = of(reference)
      const workspaces = options.records.list().flatMap(({ name, placement }) => (placement?.swarm === entry.id ? [name] : []))
      if (workspaces.length > 0) throw inUse(entry.name, workspaces, `It placed these workspaces: ${workspaces.join(', ')}.`, MOVE_FIRST)
      if (surroundings.isDefault(entry))
        throw inUse(entry.name, [], 'It places new workspaces.', 'Use an engine for new workspaces first: “berth engine use”.')
      await swarm.settled()
      swarm.close()
      used.delete(entry.id)
      await entries.swarms.remove(entry.id)
      publish()
    },
    onEngineState(id) {
      const state = engines
        .places()
        .find((place) => place.id === id)
        ?.engine.state()
      if (state?.status === 'connected') remember(id, state.capabilities.swarmNodeId)
      for (const swarm of used.values()) {
        if (state?.status === 'connected') swarm.tryAgain()
        else swarm.settleSoon()
      }
    },
    onNodes() {
      for (const swarm of used.values()) swarm.tryAgain()
    },
    onWorkspaces() {
      for (const swarm of used.values()) swarm.settleSoon()
    },
    close() {
      for (const swarm of used.values()) swarm.close()
    },
  }

  /** A node whose engine is away is still known then. */
  function remember(id: string, swarmNodeId: string | null): void {
    const entry = entries.list().find((each) => each.id === id)
    if (!entry || entry.swarmNodeId === swarmNodeId) return
    entries.patch(id, { swarmNodeId }).catch((error: unknown) => log.warn({ err: error }, 'the node of an engine could not be recorded'))
  }
}

const MOVE_FIRST = 'Move them to an engine with “berth move”, or delete them first.'

function changed(entry: SwarmEntry, { rule, tlsFolder, addresses, movesOnDrain }: SwarmChoices): SwarmEntry {
  return {
    ...entry,
    ...(rule === undefined ? {} : { rule }),
    ...(tlsFolder === undefined ? {} : { tlsFolder }),
    ...(addresses === undefined ? {} : { nodes: addresses }),
    ...(movesOnDrain === undefined ? {} : { movesOnDrain }),
  }
}

function noManager(swarm: string, engine: string): BerthError {
  return new BerthError('SWARM_NO_MANAGER', `${engine} is not a manager of a Swarm.`, {
    swarm,
    engine,
    next: 'Choose an engine that is a manager. “docker swarm init” makes an engine the manager of a new Swarm.',
  })
}

function exists(engine: string, message: string, next: string): BerthError {
  return new BerthError('ENGINE_EXISTS', message, { engine, next })
}

function inUse(engine: string, workspaces: string[], reason: string, next: string): BerthError {
  return new BerthError('ENGINE_IN_USE', `The Swarm ${engine} cannot be removed. ${reason}`, { engine, workspaces, next })
}
