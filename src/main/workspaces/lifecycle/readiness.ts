import { BerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'

/** The line that the image's entrypoint prints when sshd and the nested engine answer. */
const READY_LINE = 'berth: ready'
/** The status with which the entrypoint ends for want of room. */
const NO_ROOM_EXIT_CODE = 28
const START_TIMEOUT_SECONDS = 120
const KEPT_LOG_LINES = 30

/**
 * Resolves when the container has said that it is ready since its last start, by following its log. Throws WORKSPACE_START_FAILED with its
 * last lines when it ends first, DISK_FULL when that is for want of room, TIMED_OUT after two minutes.
 */
export async function waitUntilReady(
  engine: Engine,
  workspace: { name: string; containerId: string },
  { signal, onLine }: { signal: AbortSignal; onLine?: (line: string) => void },
): Promise<void> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_SECONDS * 1000)
  const lines: string[] = []
  const since = await beginningOfRun(engine, workspace.containerId)
  const log = engine.containers.logs(workspace.containerId, {
    follow: true,
    tail: 1000,
    ...(since ? { since } : {}),
    signal: AbortSignal.any([signal, timeout]),
  })
  for await (const { text } of log) {
    if (text === READY_LINE) return
    onLine?.(text)
    lines.push(text)
    if (lines.length > KEPT_LOG_LINES) lines.shift()
  }
  signal.throwIfAborted()
  if (timeout.aborted) throw timedOut(workspace.name)
  const details = await engine.containers.inspect(workspace.containerId)
  if (details?.exitCode === NO_ROOM_EXIT_CODE) throw noRoom(workspace.name, lines)
  throw startFailed(workspace.name, details?.exitCode ?? null, lines)
}

/**
 * From when on lines are of its last run, by the engine's own clock; null for all there are. What a container says at once may
 * be older than the time the engine gives for its start, so that the end of the run before it is what counts.
 */
async function beginningOfRun(engine: Engine, containerId: string): Promise<Date | null> {
  const details = await engine.containers.inspect(containerId)
  if (details?.running) return details.finishedAt
  return details?.startedAt ? new Date(details.startedAt.getTime() - 1000) : null
}

/** On a full disk the log may be empty: only the status is sure to come through. */
function noRoom(workspace: string, log: string[]): BerthError {
  const words = lastWords(log)
  return new BerthError('DISK_FULL', `There was no room for ${workspace} to start${words === null ? '.' : `: ${words}`}`, {
    where: 'the engine’s disk',
    next: 'Free space on the engine’s disk (snapshots, unused images, stopped containers), then start it again. Its files are as they were.',
  })
}

function lastWords(log: string[]): string | null {
  return log.findLast((line) => line.trim() !== '') ?? null
}

function startFailed(workspace: string, exitCode: number | null, log: string[]): BerthError {
  const reason = lastWords(log) ?? 'it said nothing'
  return new BerthError('WORKSPACE_START_FAILED', `${workspace} ended before it was ready: ${reason}`, {
    workspace,
    exitCode,
    log,
    next: 'See its log for what went wrong, then start it again. Its files are as they were.',
  })
}

function timedOut(workspace: string): BerthError {
  return new BerthError('TIMED_OUT', `${workspace} was not ready within ${START_TIMEOUT_SECONDS} seconds.`, {
    what: `start ${workspace}`,
    seconds: START_TIMEOUT_SECONDS,
    next: 'It is still running: see its log, or restart it. An image without Berth’s entrypoint never becomes ready.',
  })
}
