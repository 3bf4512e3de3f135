/**
 * How long a call to the engine may take before it fails, by kind of call. Calls that are not listed have no limit. Whether the engine
 * answers at all is checked much sooner (`liveness.ts`): these limits are for an engine that is alive but stuck in one call.
 */
export type CallKind =
  /** Reads or changes a record of the engine's: inspect, list, rename, exec. */
  | 'quick'
  /** Works on the engine's disk or starts something: create, start, remove. */
  | 'work'
  /** Takes as long as there is data: commit, build, load, export, measure, and waiting for a container to end. No deadline of its own. */
  | 'long'

/** Milliseconds; null for none. */
const DEADLINES: Record<CallKind, number | null> = { quick: 30_000, work: 10 * 60_000, long: null }

/** A stop takes up to its own timeout, and then as long as the engine needs to kill and clean up. */
const STOP_SLACK_MS = 60_000

/** Milliseconds until a call is given up; null for never. */
export function deadlineOf(call: CallKind | { stopTimeoutSeconds: number }): number | null {
  return typeof call === 'string' ? DEADLINES[call] : call.stopTimeoutSeconds * 1000 + STOP_SLACK_MS
}

/** Each question of a new connection: version, events. */
export const CONNECT_TIMEOUT_MS = 5000

/** The engine collects what it says of itself from many places, and is slow at it when it has just started. */
export const INFO_TIMEOUT_MS = 20_000

/** A helper container that neither reads nor writes for so long is stuck: none is silent on purpose, except while it flushes a disk. */
export const HELPER_IDLE_MS = 10 * 60_000
