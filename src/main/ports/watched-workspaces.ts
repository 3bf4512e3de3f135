/**
 * Workspaces whose ports are watched on one engine, in addition to those in use. A watch is a program inside and a connection that stays
 * open while the workspace runs: a few dozen are fine for an engine, hundreds are not. With no more workspaces than this, all are watched.
 */
export const MOST_ON_ONE_ENGINE = 32
/** The same for all engines: each connection is a socket of this machine and memory of Berth. Enough for eight full engines. */
export const MOST_IN_ALL = 256
/** Watches that start at the same time on one engine: after a connection all are due, and each makes the engine start a program. */
export const STARTS_AT_ONCE = 4

/** One whose ports can be watched. */
export interface WatchCandidate {
  id: string
  engine: string | null
  /** It is in use now: it is watched in any case. */
  isHeld: boolean
  /** Milliseconds since 1970. */
  lastUse: number
}

/** Ids of the workspaces to watch: each that is in use, and of the others the most recently used, as far as the limits allow. */
export function chooseWatched(
  candidates: readonly WatchCandidate[],
  { onOneEngine, inAll } = { onOneEngine: MOST_ON_ONE_ENGINE, inAll: MOST_IN_ALL },
): Set<string> {
  const chosen = new Set<string>()
  const byEngine = new Map<string | null, number>()
  const choose = ({ id, engine }: WatchCandidate) => {
    chosen.add(id)
    byEngine.set(engine, (byEngine.get(engine) ?? 0) + 1)
  }
  for (const candidate of candidates) if (candidate.isHeld) choose(candidate)
  const rest = candidates.filter(({ isHeld }) => !isHeld).sort((one, other) => other.lastUse - one.lastUse)
  for (const candidate of rest) {
    if (chosen.size >= inAll) break
    if ((byEngine.get(candidate.engine) ?? 0) < onOneEngine) choose(candidate)
  }
  return chosen
}
