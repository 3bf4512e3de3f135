import type { Core } from '../../src/main/core'
import { hasEnded, type Operation } from '../../src/shared/operation'
import type { SimulatedPlaces } from './engine/simulated-place'
import { Violation } from './violation'
import type { World } from './world/world'

/** Longer than any step takes on an engine with which nothing is wrong, and shorter than another engine may be away. */
const LONGEST_MS = 20_000

/** Whether anything on one engine waits for another one that is away. */
export interface HeldUp {
  /** A person asks for something that needs that engine alone. Returns what is to be called with the answer, which throws a `Violation`. */
  asks(what: string, place: string | undefined): () => void
  /** To be told of each change of each operation. Throws a `Violation`. */
  changed(operation: Operation, core: Core): void
}

export function createHeldUp(world: World, places: SimulatedPlaces): HeldUp {
  const begun = new Map<string, { since: number; place: string }>()
  /** Something was in their way for a while that a person or another tool had put there. */
  const waited = new Set<string>()

  function assertNotHeldUp(what: string, place: string, since: number): void {
    const took = world.now() - since
    const { engine, line } = places.at(place)
    if (took < LONGEST_MS || line.wasDisturbedSince(since) || engine.isFull || world.killedAt() >= since) return
    const away = places.list.find(({ id, line: other }) => id !== place && other.wasAwaySince(since))
    if (away) throw new Violation('i', `${what} on ${place} took ${Math.round(took)} ms while ${away.id} was away`)
  }

  return {
    asks(what, place) {
      const since = world.now()
      return () => {
        if (place !== undefined) assertNotHeldUp(what, place, since)
      }
    },
    changed(operation, core) {
      const { id, kind, workspaceId, workspaceName } = operation
      if (operation.waiting !== null) waited.add(id)
      const known = begun.get(id)
      if (known === undefined) {
        const workspace = core.workspaces.list().find((one) => one.id === workspaceId)
        if (workspace && workspace.engine !== null) begun.set(id, { since: world.now(), place: workspace.engine })
      } else if (hasEnded(operation) && !waited.has(id)) assertNotHeldUp(`${kind} of ${workspaceName}`, known.place, known.since)
    },
  }
}
