import { BerthError, isBerthError } from '../../../shared/errors'
import type { NestedEngine } from '../../../shared/nested-engine'
import type { Engine } from '../../engine/engine'
import type { HandOver } from '../base/hand-overs'
import { type WorkspaceState, watchState } from '../base/workspace-state'

/** The line with which an old entrypoint without state notes (`workspace-state.ts`) reports that it is ready. */
const READY_LINE = 'berth: ready'
/** The status with which the entrypoint ends for want of room. */
const NO_ROOM_EXIT_CODE = 28
const START_TIMEOUT_SECONDS = 120
const KEPT_LOG_LINES = 30
/** Of watches that ended although the container is running: something inside may have ended them. */
const MOST_WATCHES = 5
/** Longer than the first note takes that a workspace makes, but where everything is slow. */
const SILENCE_MS = 10_000

type Engines = Pick<Engine, 'exec' | 'containers'>

/** What a workspace reported when it was ready; null for the rest. */
export interface Ready {
  hostKeys: string[] | null
  nestedEngine: NestedEngine | null
}

/**
 * Hands over its variables, and resolves when the workspace in the container has reported since its last start that it is ready, with that
 * report. Throws WORKSPACE_START_FAILED with the last lines of the log if it ends first, DISK_FULL if the reason is missing space,
 * TIMED_OUT after two minutes.
 */
export async function waitUntilReady(
  engine: Engines,
  workspace: { name: string; containerId: string },
  { signal, handOver }: { signal: AbortSignal; handOver: HandOver },
): Promise<Ready> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_SECONDS * 1000)
  const either = AbortSignal.any([signal, timeout])
  const ready = await watchUntilReady(engine, workspace.containerId, either, handOver)
  if (ready) return ready
  signal.throwIfAborted()
  if (timeout.aborted) throw timedOut(workspace.name)
  const details = await engine.containers.inspect(workspace.containerId)
  const lines = await lastLines(engine, workspace.containerId, signal)
  if (details?.exitCode === NO_ROOM_EXIT_CODE) throw noRoom(workspace.name, lines)
  throw startFailed(workspace.name, details?.exitCode ?? null, lines)
}

/** Throws WORKSPACE_START_FAILED if the workspace, which was ready, is no longer running. */
export async function assertStillRuns(
  engine: Engines,
  workspace: { name: string; containerId: string },
  signal: AbortSignal,
): Promise<void> {
  const details = await engine.containers.inspect(workspace.containerId)
  if (details?.running) return
  throw startFailed(workspace.name, details?.exitCode ?? null, details ? await lastLines(engine, workspace.containerId, signal) : [])
}

/** null when the container ended, or the signal was aborted. */
async function watchUntilReady(engine: Engines, containerId: string, signal: AbortSignal, handOver: HandOver): Promise<Ready | null> {
  let ended = 0
  while (ended < MOST_WATCHES) {
    const noted: Ready[] = []
    // A watch that says nothing, not even that it has taken the hand-over, may be an exec that the engine has lost.
    const silence = new AbortController()
    const timer = setTimeout(() => silence.abort(), SILENCE_MS)
    let keepsNotes = true
    try {
      const onState = (note: WorkspaceState) => {
        clearTimeout(timer)
        if (note.state === 'taken') handOver.onTaken()
        if (note.state === 'ready') noted.push({ hostKeys: note.hostKeys ?? null, nestedEngine: note.nestedEngine ?? null })
        return note.state === 'ready'
      }
      keepsNotes = await watchState(engine, containerId, AbortSignal.any([signal, silence.signal]), onState, handOver.input())
    } catch (error) {
      // It has ended already.
      if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
    } finally {
      clearTimeout(timer)
    }
    if (noted[0]) return noted[0]
    if (!keepsNotes) {
      // An old entrypoint, or one that has not come to its first note yet on a machine that is busy, and then waits for the hand-over.
      const found = await followLog(engine, containerId, AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)]))
      if (found) return found
    }
    if (signal.aborted || !(await engine.containers.inspect(containerId))?.running) return null
    if (keepsNotes && !silence.signal.aborted) ended += 1
  }
  return followLog(engine, containerId, signal)
}

/** For a workspace that keeps no notes. */
async function followLog(engine: Engines, containerId: string, signal: AbortSignal): Promise<Ready | null> {
  const since = await beginningOfRun(engine, containerId)
  for await (const { text } of engine.containers.logs(containerId, { follow: true, tail: 1000, ...(since ? { since } : {}), signal })) {
    if (text === READY_LINE) return { hostKeys: null, nestedEngine: null }
  }
  return null
}

async function lastLines(engine: Engines, containerId: string, signal: AbortSignal): Promise<string[]> {
  const since = await beginningOfRun(engine, containerId)
  const lines: string[] = []
  const options = { follow: false, tail: KEPT_LOG_LINES, ...(since ? { since } : {}), signal }
  for await (const { text } of engine.containers.logs(containerId, options)) lines.push(text)
  return lines
}

/**
 * Time from which lines belong to its last run, by the engine's clock; null for all lines. The first lines of a container can be older than
 * the start time the engine reports, so the end of the run before it counts.
 */
async function beginningOfRun(engine: Engines, containerId: string): Promise<Date | null> {
  const details = await engine.containers.inspect(containerId)
  if (details?.running) return details.finishedAt
  return details?.startedAt ? new Date(details.startedAt.getTime() - 1000) : null
}

/** On a full disk the log can be empty: only the status is certain to arrive. */
function noRoom(workspace: string, log: string[]): BerthError {
  const words = lastWords(log)
  return new BerthError('DISK_FULL', `There is not enough space to start ${workspace}${words === null ? '.' : `: ${words}`}`, {
    where: 'the engine’s disk',
    next: 'Free space on the engine’s disk (snapshots, unused images, stopped containers), then start it again. Its files are unchanged.',
  })
}

function lastWords(log: string[]): string | null {
  return log.findLast((line) => line.trim() !== '') ?? null
}

function startFailed(workspace: string, exitCode: number | null, log: string[]): BerthError {
  const reason = lastWords(log) ?? 'it had no output'
  return new BerthError('WORKSPACE_START_FAILED', `${workspace} stopped before it was ready: ${reason}`, {
    workspace,
    exitCode,
    log,
    next: 'Check its log for the cause, then start it again. Its files are unchanged.',
  })
}

function timedOut(workspace: string): BerthError {
  return new BerthError('TIMED_OUT', `${workspace} was not ready within ${START_TIMEOUT_SECONDS} seconds.`, {
    what: `start ${workspace}`,
    seconds: START_TIMEOUT_SECONDS,
    next: 'It is still running. Check its log, or restart it. An image without Berth’s entrypoint never becomes ready.',
  })
}
