import type { Core } from '../../src/main/core'
import type { BerthEvent } from '../../src/shared/contract/events'
import { isBerthError } from '../../src/shared/errors'
import type { Operation } from '../../src/shared/operation'
import { hasEnded } from '../../src/shared/operation-state'
import type { SimulatedPlaces } from './engine/simulated-place'
import { Violation } from './violation'
import type { World } from './world/world'

/** Longer than any step takes on an engine with which nothing is wrong, and shorter than another engine may be away. */
const LONGEST_MS = 15_000
/** By then Berth has connected again to an engine that is back, and knows what is there. */
const CONNECTED_AGAIN_MS = 12_000
/** By then a process that has come up is connected to each engine that is there. */
const CONNECTED_FIRST_MS = 1000

/** Whether anything on one engine waits for another one that is away, or goes on without its own. */
export interface HeldUp {
  /** A process has come up. */
  opened(core: Core): void
  /** A person asks for something that needs that engine alone. Returns what is to be called with the answer, which throws a `Violation`. */
  asks(what: string, place: string | undefined): (error: unknown) => void
  /** A person takes up, or ends, what waits. */
  decides(): void
  /** To be told of each event. Throws a `Violation`. */
  hear(event: BerthEvent, core: Core): void
}

interface Begun {
  since: number
  /** null until its workspace is known. */
  place: string | null
  /** Something was in its way for a while that a person or another tool had put there. */
  hasWaited: boolean
  /** This process has told of it. */
  isHeard: boolean
}

export function createHeldUp(world: World, places: SimulatedPlaces): HeldUp {
  const begun = new Map<string, Begun>()
  /** Engines that this process has been connected to. */
  const seen = new Set<string>()
  let isDecided = false
  let openedAt = 0

  function assertNotHeldUp(what: string, place: string, since: number, code: string | undefined): void {
    const took = world.now() - since
    const { engine, line } = places.at(place)
    if (line.wasDisturbedSince(since - CONNECTED_AGAIN_MS) || engine.isFull || world.killedAt() >= since) return
    const away = places.list.find(({ id, line: other }) => id !== place && other.wasAwaySince(since - CONNECTED_AGAIN_MS))
    if (!away) return
    if (!seen.has(place) && world.now() - openedAt < CONNECTED_FIRST_MS) return
    if (code === 'ENGINE_UNREACHABLE') throw new Violation('i', `${what} failed, as if ${place} were away, which ${away.id} was`)
    if (took >= LONGEST_MS) throw new Violation('i', `${what} on ${place} took ${Math.round(took)} ms while ${away.id} was away`)
  }

  /** null for what works on several, and as long as its workspace is not known. */
  function placeOf(core: Core, { kind, workspaceId, involves }: Operation): string | null {
    if (kind === 'workspace.relocate') return null
    const ids = [workspaceId, ...involves.map((one) => one.workspaceId)]
    const found = new Set(ids.map((id) => core.workspaces.list().find((one) => one.id === id)?.engine ?? null))
    return found.size === 1 ? ([...found][0] ?? null) : null
  }

  function changed(operation: Operation, core: Core): void {
    const { id, kind, workspaceName, error } = operation
    const known = begun.get(id) ?? { since: world.now(), place: null, hasWaited: false, isHeard: true }
    const { isHeard } = known
    known.place ??= placeOf(core, operation)
    known.hasWaited ||= operation.waiting !== null
    known.isHeard = true
    begun.set(id, known)
    const { place, since, hasWaited } = known
    const needed = operation.kind === 'workspace.relocate' ? places.list.map(({ id: each }) => each) : [place]
    const missing = needed.find((each) => each !== null && !seen.has(each))
    if (!isHeard && !isDecided && missing) throw new Violation('i', `${kind} of ${workspaceName} was taken up without ${missing}`)
    if (place === null) return
    if (hasEnded(operation) && !hasWaited) assertNotHeldUp(`${kind} of ${workspaceName}`, place, since, error?.code)
  }

  function look(core: Core): void {
    for (const { id, state } of core.engines.list()) if (state.status === 'connected') seen.add(id)
  }

  return {
    opened(core) {
      seen.clear()
      openedAt = world.now()
      isDecided = false
      for (const one of begun.values()) one.isHeard = false
      look(core)
    },
    asks(what, place) {
      const since = world.now()
      return (error) => {
        if (place !== undefined) assertNotHeldUp(what, place, since, isBerthError(error) ? error.code : undefined)
      }
    },
    decides() {
      isDecided = true
    },
    hear(event, core) {
      if (event.type === 'engine') look(core)
      if (event.type === 'operation') changed(event.operation, core)
    },
  }
}
