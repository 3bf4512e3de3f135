import type { Settings } from '../../../shared/contract/settings'
import { isBerthError } from '../../../shared/errors'
import type { Workspace } from '../../../shared/workspace'
import type { Turns } from '../../engine/turns'
import { log } from '../../log'

/** Milliseconds. */
export interface IdleTimes {
  /** Of what the setting counts. */
  hour: number
  /** Between two looks at a workspace, at most. */
  look: number
  /** Between the announcement of a stop and the stop, at least. */
  notice: number
}

const MINUTE = 60_000
export const IDLE_TIMES: IdleTimes = { hour: 60 * MINUTE, look: 5 * MINUTE, notice: 10 * MINUTE }

type Seen = Pick<
  Workspace,
  'id' | 'name' | 'kind' | 'engine' | 'template' | 'running' | 'containerId' | 'startedAt' | 'lastUsedAt' | 'operationId'
>

interface IdleStopsOptions {
  /** 0: nothing is stopped. */
  hours: () => number
  workspaces: () => Seen[]
  /** Whether nothing goes on in it. Throws what the engine throws. */
  isIdle: (workspace: Seen) => Promise<boolean>
  turns: Turns
  /** What is said of the workspace has changed. */
  publish: (workspaceId: string) => void
  /** Begins the stop; the notice says why. */
  stop: (workspaceId: string, notice: string) => Promise<unknown>
  now: () => Date
  times: IdleTimes
}

/** Stops workspaces in containers in which nothing has gone on for some hours, which is announced before. */
export interface IdleStops {
  /** When it will be stopped unless something begins there; null if that is not announced. */
  stopAt(workspaceId: string): string | null
  /** Counts anew, and takes back the announcement. */
  keepRunning(workspaceId: string): void
  /** To be told of every change of a workspace. */
  onWorkspace(workspace: Seen): void
  onWorkspaceRemoved(workspaceId: string): void
  onSettings(settings: Pick<Settings, 'idleStopHours'>, before: Pick<Settings, 'idleStopHours'>): void
  close(): void
}

/** One count; any sign of use begins another. Times are in milliseconds since 1970. */
interface Count {
  /** The container and its start. */
  run: string
  usedAt: string | null
  idleSince: number
  stopAt: number | null
}

/** Counts from the last moment at which something was seen to go on, or from the moment at which Berth first saw the workspace running. */
export function createIdleStops(options: IdleStopsOptions): IdleStops {
  const { hours, workspaces, isIdle, turns, publish, stop, times } = options
  const counts = new Map<string, Count>()
  let timer: NodeJS.Timeout | null = null
  let isLooking = false
  let isClosed = false

  const now = () => options.now().getTime()
  const dueAt = ({ idleSince }: Count) => idleSince + hours() * times.hour

  function begin(workspace: Seen): void {
    const before = counts.get(workspace.id)
    counts.set(workspace.id, { run: runOf(workspace), usedAt: workspace.lastUsedAt, idleSince: now(), stopAt: null })
    if (before && before.stopAt !== null) publish(workspace.id)
    schedule()
  }

  function forget(workspaceId: string): void {
    const before = counts.get(workspaceId)
    counts.delete(workspaceId)
    if (before && before.stopAt !== null) publish(workspaceId)
    if (counts.size === 0) rest()
  }

  function announce(id: string, count: Count, stopAt: number | null): void {
    if (count.stopAt === stopAt) return
    count.stopAt = stopAt
    publish(id)
  }

  function rest(): void {
    if (timer) clearTimeout(timer)
    timer = null
  }

  /** The next look at all of them; sooner for a stop that has been announced. */
  function schedule(): void {
    if (isClosed || isLooking || timer || hours() === 0 || counts.size === 0) return
    const stops = [...counts.values()].flatMap(({ stopAt }) => stopAt ?? [])
    const delay = Math.min(times.look, ...stops.map((stopAt) => Math.max(0, stopAt - now())))
    timer = setTimeout(() => void look(), delay).unref()
  }

  async function look(): Promise<void> {
    timer = null
    isLooking = true
    const here = workspaces().filter((workspace) => counts.has(workspace.id))
    try {
      await Promise.all(here.map((workspace) => turns.take(workspace.engine ?? '', () => lookAt(workspace))))
    } finally {
      isLooking = false
      schedule()
    }
  }

  async function lookAt(workspace: Seen): Promise<void> {
    const { id, name } = workspace
    const count = counts.get(id)
    if (!count || isClosed) return
    const idle = await isIdle(workspace).catch((error: unknown) => {
      if (!isBerthError(error)) log.error({ err: error, workspace: name }, 'it is not known whether a workspace is idle')
      else log.info({ err: error, workspace: name }, 'it is not known whether a workspace is idle')
      return false
    })
    // Something happened there meanwhile, or it is not to be stopped any more.
    if (isClosed || hours() === 0 || counts.get(id) !== count) return
    if (!idle) return begin(workspace)
    const at = now()
    const due = dueAt(count)
    if (at < due - times.notice) return announce(id, count, null)
    // Also when the machine slept past the announced time: nobody could see it.
    const isMissed = count.stopAt !== null && at > count.stopAt + times.notice
    if (count.stopAt === null || count.stopAt < due || isMissed) return announce(id, count, Math.max(due, at + times.notice))
    if (at < count.stopAt) return
    try {
      await stop(id, `Stopped after ${hours() === 1 ? '1 hour' : `${hours()} hours`} without processes or terminals.`)
    } catch (error) {
      if (!isBerthError(error)) throw error
      log.info({ err: error, workspace: name }, 'an idle workspace was not stopped')
      if (counts.get(id) === count) begin(workspace)
    }
  }

  return {
    stopAt(workspaceId) {
      const stopAt = counts.get(workspaceId)?.stopAt ?? null
      return stopAt === null ? null : new Date(stopAt).toISOString()
    },
    keepRunning(workspaceId) {
      const workspace = workspaces().find(({ id }) => id === workspaceId)
      if (workspace && counts.has(workspaceId)) begin(workspace)
    },
    onWorkspace(workspace) {
      if (isClosed || hours() === 0) return
      if (!canBeStopped(workspace)) return forget(workspace.id)
      const count = counts.get(workspace.id)
      const isUsed = count?.usedAt !== workspace.lastUsedAt || workspace.operationId !== null
      if (!count || count.run !== runOf(workspace) || isUsed) begin(workspace)
    },
    onWorkspaceRemoved: forget,
    onSettings({ idleStopHours }, before) {
      if (isClosed || idleStopHours === before.idleStopHours) return
      if (idleStopHours === 0) {
        for (const id of [...counts.keys()]) forget(id)
        return
      }
      for (const workspace of workspaces()) if (canBeStopped(workspace) && !counts.has(workspace.id)) begin(workspace)
      // What is announced and would be too early now.
      for (const [id, count] of counts) if (now() < dueAt(count) - times.notice) announce(id, count, null)
      rest()
      schedule()
    },
    close() {
      isClosed = true
      rest()
    },
  }
}

function canBeStopped({ kind, template, running, containerId }: Seen): boolean {
  return kind === 'container' && !template && running && containerId !== null
}

function runOf({ containerId, startedAt }: Seen): string {
  return `${containerId} ${startedAt}`
}
