/**
 * Workspaces whose ports are watched on one engine, beside those that somebody is at. A watch is a program inside and a connection that stays open, for as long as the
 * workspace runs: a few dozen are nothing to an engine, hundreds are. Whoever runs no more than this has all of them watched.
 */
export const MOST_ON_ONE_ENGINE = 32
/** The same on all engines: each connection is a socket of this machine, and memory of Berth's. Eight engines with as many as each may have. */
export const MOST_IN_ALL = 256
/** Watches that begin at the same time on one engine: at a connection all are due at once, and each has the engine start a program. */
export const STARTS_AT_ONCE = 4

/** One whose ports can be watched. */
export interface WatchCandidate {
  id: string
  engine: string | null
  /** Somebody is at it now: it is watched whatever else is. */
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
