import type { Core } from '../../src/main/core'
import { isBerthError } from '../../src/shared/errors'
import { hasEnded, type Operation } from '../../src/shared/operation'
import type { SimulatedPlaces } from './engine/simulated-place'
import { Violation } from './violation'
import type { World } from './world/world'

/** Longer than any step takes on an engine with which nothing is wrong, and shorter than another engine may be away. */
const LONGEST_MS = 15_000
/** By then Berth has connected again to an engine that is back, and knows what is there. */
const CONNECTED_AGAIN_MS = 12_000

/** Whether anything on one engine waits for another one that is away. */
export interface HeldUp {
  /** A person asks for something that needs that engine alone. Returns what is to be called with the answer, which throws a `Violation`. */
  asks(what: string, place: string | undefined): (error: unknown) => void
  /** To be told of each change of each operation. Throws a `Violation`. */
  changed(operation: Operation, core: Core): void
}

export function createHeldUp(world: World, places: SimulatedPlaces): HeldUp {
  const begun = new Map<string, { since: number; place: string }>()
  /** Something was in their way for a while that a person or another tool had put there. */
  const waited = new Set<string>()

  function assertNotHeldUp(what: string, place: string, since: number, code: string | undefined): void {
    const took = world.now() - since
    const { engine, line } = places.at(place)
    if (line.wasDisturbedSince(since - CONNECTED_AGAIN_MS) || engine.isFull || world.killedAt() >= since) return
    const away = places.list.find(({ id, line: other }) => id !== place && other.wasAwaySince(since - CONNECTED_AGAIN_MS))
    if (!away) return
    if (code === 'ENGINE_UNREACHABLE') throw new Violation('i', `${what} failed, as if ${place} were away, which ${away.id} was`)
    if (took >= LONGEST_MS) throw new Violation('i', `${what} on ${place} took ${Math.round(took)} ms while ${away.id} was away`)
  }

  return {
    asks(what, place) {
      const since = world.now()
      return (error) => {
        if (place !== undefined) assertNotHeldUp(what, place, since, isBerthError(error) ? error.code : undefined)
      }
    },
    changed(operation, core) {
      const { id, kind, workspaceId, workspaceName } = operation
      if (operation.waiting !== null) waited.add(id)
      const known = begun.get(id)
      if (known === undefined) {
        const workspace = core.workspaces.list().find((one) => one.id === workspaceId)
        if (workspace && workspace.engine !== null) begun.set(id, { since: world.now(), place: workspace.engine })
      } else if (hasEnded(operation) && !waited.has(id)) {
        assertNotHeldUp(`${kind} of ${workspaceName}`, known.place, known.since, operation.error?.code)
      }
    },
  }
}
