import { basename } from 'node:path/posix'
import { nanoid } from 'nanoid'
import type { z } from 'zod'
import type { BerthEvent } from '../../shared/contract/events'
import type { NestedContainer, SessionKind, SessionSignal, TerminalSession, terminals } from '../../shared/contract/terminals'
import { BerthError } from '../../shared/errors'
import type { StreamChannel } from '../../shared/stream-frames'
import type { Engine } from '../engine/engine'
import { log } from '../log'
import { listNestedContainers } from './nested-containers'
import { createSession, type LiveSession } from './terminal-session'
import { startTracked, type TrackedExec } from './tracked-exec'

/** Sessions that have ended are kept with their last screen until they are closed; beyond this many the oldest go. */
export const MOST_ENDED_SESSIONS = 50
/** An ephemeral session ends if nobody attaches to it within this time. */
const EPHEMERAL_MILLISECONDS = 30_000
const LONGEST_TITLE = 256

/** What a session needs to know of the workspace it runs in. */
export interface SessionWorkspace {
  id: string
  name: string
  containerId: string | null
  running: boolean
  /** Where its repo is, if it has one: new sessions begin there. */
  repoPath: string | null
  /** Variables of all workspaces and of this one, as they are set now. */
  environment: Record<string, string>
}

export type OpenInput = z.output<NonNullable<(typeof terminals.open)['~orpc']['inputSchema']>>

export interface TerminalSessions {
  list(workspaceId?: string): TerminalSession[]
  /** Throws WORKSPACE_NOT_FOUND, WORKSPACE_NOT_RUNNING, EXEC_FAILED, and what the engine throws. */
  open(input: OpenInput): Promise<TerminalSession>
  /** Ends the session and what runs in it; answers when that is done. Throws SESSION_NOT_FOUND. */
  close(sessionId: string): Promise<TerminalSession>
  /** An empty name is none. Throws SESSION_NOT_FOUND. */
  rename(sessionId: string, name: string | null): TerminalSession
  /** The same command anew. Throws SESSION_NOT_FOUND and what `open` throws. */
  restart(sessionId: string): Promise<TerminalSession>
  /** To all processes of the session. Throws SESSION_NOT_FOUND. */
  signal(sessionId: string, signal: SessionSignal): Promise<TerminalSession>
  /** Throws WORKSPACE_NOT_FOUND, WORKSPACE_NOT_RUNNING, EXEC_FAILED. */
  nestedContainers(workspace: string, signal?: AbortSignal): Promise<NestedContainer[]>
  /** Throws SESSION_NOT_FOUND. The session answers to the channel from then on: `screen` first, if it has a tty. */
  attach(sessionId: string, channel: StreamChannel): void
  /** Ends the sessions of a workspace that has stopped; they stay listed. */
  onWorkspaceStopped(workspaceId: string): void
  closeAll(): Promise<void>
}

interface TerminalSessionsOptions {
  engine: Pick<Engine, 'exec'>
  /** Throws WORKSPACE_NOT_FOUND. */
  resolveWorkspace: (reference: string) => SessionWorkspace | Promise<SessionWorkspace>
  emit: (event: BerthEvent) => void
  now: () => Date
}

interface Entry {
  session: LiveSession
  ephemeral: boolean
  /** Runs until the first channel of an ephemeral session comes. */
  lonelyTimer: NodeJS.Timeout | null
}

export function createTerminalSessions({ engine, resolveWorkspace, emit, now }: TerminalSessionsOptions): TerminalSessions {
  const entries = new Map<string, Entry>()

  function find(sessionId: string): Entry {
    const entry = entries.get(sessionId)
    if (entry) return entry
    throw new BerthError('SESSION_NOT_FOUND', `There is no session ${sessionId}.`, {
      sessionId,
      next: 'It has been closed, or Berth was restarted since. Open a new one.',
    })
  }

  async function end(sessionId: string): Promise<TerminalSession> {
    const { session, lonelyTimer } = find(sessionId)
    if (lonelyTimer) clearTimeout(lonelyTimer)
    await session.close()
    if (entries.delete(sessionId)) emit({ type: 'terminal-removed', sessionId })
    return session.record()
  }

  /** For an end that nobody waits for. */
  function endInBackground(sessionId: string): void {
    if (!entries.has(sessionId)) return
    end(sessionId).catch((error: unknown) => log.error({ err: error, session: sessionId }, 'a session was not closed'))
  }

  function dropOldEnded(): void {
    const idle = [...entries.values()].filter(({ session }) => session.record().exitCode !== null && session.viewerCount() === 0)
    for (const { session } of idle.slice(0, Math.max(0, idle.length - MOST_ENDED_SESSIONS))) endInBackground(session.record().id)
  }

  function add(record: TerminalSession, exec: TrackedExec, ephemeral: boolean): void {
    const { id } = record
    const session = createSession({
      record,
      exec,
      now,
      onChange: () => {
        if (!entries.has(id)) return
        emit({ type: 'terminal', terminal: session.record() })
        if (session.record().exitCode !== null) dropOldEnded()
      },
      onDetach: () => {
        if (ephemeral) endInBackground(id)
      },
    })
    const lonelyTimer = ephemeral ? setTimeout(() => endInBackground(id), EPHEMERAL_MILLISECONDS) : null
    entries.set(id, { session, ephemeral, lonelyTimer })
    emit({ type: 'terminal', terminal: record })
  }

  return {
    list(workspaceId) {
      const records = [...entries.values()].map(({ session }) => session.record())
      return workspaceId === undefined ? records : records.filter((record) => record.workspaceId === workspaceId)
    },
    async open(input) {
      const workspace = await resolveWorkspace(input.workspace)
      const { tty, cols, rows } = input
      const kind = input.kind ?? kindOf(input)
      const user = input.user ?? (kind === 'root' ? 'root' : 'workspace')
      const exec = await startTracked(engine, {
        containerId: runningContainer(workspace),
        command: input.command ?? null,
        user,
        cwd: input.cwd,
        preferredCwd: workspace.repoPath,
        env: { ...workspace.environment, ...input.env },
        tty,
        stdin: true,
        size: { cols, rows },
      })
      const record: TerminalSession = {
        id: nanoid(),
        workspaceId: workspace.id,
        kind,
        name: input.name || null,
        title: (input.command ?? [basename(exec.command[0] ?? '')]).join(' ').slice(0, LONGEST_TITLE),
        command: exec.command,
        user,
        container: null,
        tty,
        cols,
        rows,
        createdAt: now().toISOString(),
        status: 'running',
        statusDetail: null,
        exitCode: null,
        endedAt: null,
      }
      add(record, exec, input.ephemeral)
      return record
    },
    close: end,
    rename: (sessionId, name) => find(sessionId).session.rename(name || null),
    async restart(sessionId) {
      return find(sessionId).session.record()
    },
    async signal(sessionId) {
      return find(sessionId).session.record()
    },
    async nestedContainers(reference, signal) {
      return listNestedContainers(engine, runningContainer(await resolveWorkspace(reference)), signal)
    },
    attach(sessionId, channel) {
      const entry = find(sessionId)
      if (entry.lonelyTimer) clearTimeout(entry.lonelyTimer)
      entry.lonelyTimer = null
      entry.session.attach(channel)
    },
    onWorkspaceStopped(workspaceId) {
      for (const { session } of entries.values()) {
        if (session.record().workspaceId === workspaceId) void session.containerStopped()
      }
    },
    async closeAll() {
      await Promise.all([...entries.keys()].map(end))
    },
  }
}

function kindOf({ command, container, user }: OpenInput): SessionKind {
  if (container !== undefined) return 'nested'
  if (command !== undefined) return 'command'
  return user === 'root' ? 'root' : 'shell'
}

function runningContainer({ name, running, containerId }: SessionWorkspace): string {
  if (running && containerId !== null) return containerId
  throw new BerthError('WORKSPACE_NOT_RUNNING', `The workspace ${name} does not run.`, {
    workspace: name,
    status: 'stopped',
    next: `Start it first: berth start ${name}`,
  })
}
