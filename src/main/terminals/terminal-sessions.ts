import { basename } from 'node:path/posix'
import { nanoid } from 'nanoid'
import type { z } from 'zod'
import type { BerthEvent } from '../../shared/contract/events'
import type { NestedContainer, SessionKind, SessionSignal, TerminalSession, terminals } from '../../shared/contract/terminals'
import { BerthError, isBerthError } from '../../shared/errors'
import { assertAvailable } from '../../shared/place-capabilities'
import type { StreamChannel } from '../../shared/stream-frames'
import type { Workspace } from '../../shared/workspace'
import type { Machine } from '../engine/machine'
import { listNestedContainers } from '../engine/nested-containers'
import { log } from '../log'
import type { Screens } from './screens'
import { type Launched, launch, type SessionSpec, type UseAgent } from './session-launcher'
import type { SessionProcess } from './session-process'
import type { SessionWorkspace } from './session-workspace'
import type { SshAccess } from './ssh-process'
import { createSession, type LiveSession } from './terminal-session'

/** Sessions that have ended are kept with their last screen until they are closed; beyond this many the oldest go. */
export const MOST_ENDED_SESSIONS = 50
/** An ephemeral session ends if nobody attaches to it within this time. */
const EPHEMERAL_MILLISECONDS = 30_000
const LONGEST_TITLE = 256

type GivenInput = z.output<NonNullable<(typeof terminals.open)['~orpc']['inputSchema']>>
export type OpenInput = Omit<GivenInput, 'outside'> & Partial<Pick<GivenInput, 'outside'>>

export interface TerminalSessions {
  list(workspaceId?: string): TerminalSession[]
  /** Throws WORKSPACE_NOT_FOUND, WORKSPACE_NOT_RUNNING, EXEC_FAILED, TERMINAL_UNAVAILABLE, and what the engine throws. */
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
  /** Lets the sessions of a workspace that has stopped wait for it, or end; they stay listed. */
  onWorkspaceStopped(workspaceId: string): void
  /** Lets the sessions that wait for a workspace begin anew once it runs. */
  onWorkspace(workspace: Pick<Workspace, 'id' | 'status' | 'running'>): void
  /** Closes its sessions. */
  onWorkspaceRemoved(workspaceId: string): void
  /** What runs is known again after the engine was away: sessions that wait are looked at. */
  onEngineBack(isThere: (workspaceId: string) => boolean): void
  closeAll(): Promise<void>
}

interface TerminalSessionsOptions {
  /** Where that workspace is. */
  machineOf: (workspaceId: string) => Pick<Machine, 'exec'>
  sshAccess: SshAccess
  useAgent: UseAgent
  /** Throws DEVCONTAINER_NOT_RUNNING. */
  assertDevcontainer?: (workspaceId: string) => Promise<void>
  /** Starts it first if that is asked for. Throws WORKSPACE_NOT_FOUND, WORKSPACE_NOT_RUNNING, ENGINE_UNREACHABLE. */
  resolveWorkspace: (reference: string, start: boolean) => SessionWorkspace | Promise<SessionWorkspace>
  isStopping: (workspaceId: string) => boolean
  /** Closed with the sessions. */
  screens: Screens
  /** Lines kept above the screen of each session. */
  scrollback: () => number
  emit: (event: BerthEvent) => void
  now: () => Date
}

interface Entry {
  session: LiveSession
  spec: SessionSpec
  ephemeral: boolean
  /** Runs until the first channel of an ephemeral session comes. */
  lonelyTimer: NodeJS.Timeout | null
  /** What it ran when the connection was lost, and may run on where nobody reaches it. */
  lost: SessionProcess | null
  /** Being begun anew. */
  returning: Promise<void> | null
}

export function createTerminalSessions(options: TerminalSessionsOptions): TerminalSessions {
  const { machineOf, sshAccess, useAgent, assertDevcontainer = async () => undefined, resolveWorkspace, emit, now } = options
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
    end(sessionId).catch((error: unknown) => log.error({ err: error, session: sessionId }, 'A session could not be closed'))
  }

  function dropOldEnded(): void {
    const idle = [...entries.values()].filter(({ session }) => session.record().status === 'ended' && session.viewerCount() === 0)
    for (const { session } of idle.slice(0, Math.max(0, idle.length - MOST_ENDED_SESSIONS))) endInBackground(session.record().id)
  }

  async function start(reference: string, spec: SessionSpec, size: { cols: number; rows: number }, startsWorkspace: boolean) {
    const resolved = await resolveWorkspace(reference, startsWorkspace)
    const workspace = { ...resolved, containerId: runningContainer(resolved) }
    return {
      workspace,
      ...(await launch({ machine: machineOf(workspace.id), sshAccess, useAgent, assertDevcontainer, workspace, spec, size })),
    }
  }

  function add(record: TerminalSession, process: SessionProcess, spec: SessionSpec, ephemeral: boolean): void {
    const { id, workspaceId } = record
    const session = createSession({
      record,
      process,
      screens: options.screens,
      scrollback: options.scrollback,
      // A command is not run again without being asked for, and a command line waits for nothing.
      returns: record.tty && !ephemeral && record.kind !== 'command',
      isStopping: () => options.isStopping(workspaceId),
      now,
      onChange: () => {
        if (!entries.has(id)) return
        emit({ type: 'terminal', terminal: session.record() })
        if (session.record().status === 'ended') dropOldEnded()
      },
      onDetach: () => {
        // A page may look at the session of a command line, and look away again.
        if (ephemeral && session.viewerCount() === 0) endInBackground(id)
      },
      onLost: (lost) => {
        const entry = entries.get(id)
        if (!entry) return
        entry.lost = lost
        returnInBackground(entry)
      },
    })
    const lonelyTimer = ephemeral ? setTimeout(() => endInBackground(id), EPHEMERAL_MILLISECONDS) : null
    entries.set(id, { session, spec, ephemeral, lonelyTimer, lost: null, returning: null })
    emit({ type: 'terminal', terminal: record })
  }

  /** A process that nobody reaches any more would run for ever. */
  async function endLost(entry: Entry): Promise<void> {
    const { lost } = entry
    if (!lost) return
    await lost.end()
    if (entry.lost === lost) entry.lost = null
  }

  async function begin(entry: Entry): Promise<void> {
    const { workspaceId, cols, rows } = entry.session.record()
    const { process } = await start(workspaceId, entry.spec, { cols, rows }, false)
    entry.session.begin(process)
  }

  /** Begins a waiting session anew if its workspace runs; says why if that cannot be. */
  function returnInBackground(entry: Entry): void {
    entry.returning ??= comeBack(entry)
      .catch(async (error: unknown) => {
        // Then it goes on waiting: the engine, or the start of its workspace, brings it here again.
        if (isBerthError(error, 'ENGINE_UNREACHABLE')) return
        if (isBerthError(error, 'WORKSPACE_NOT_RUNNING')) {
          await entry.session.containerStopped()
          return
        }
        log.warn({ err: error, session: entry.session.record().id }, 'A session could not be restarted')
        if (entry.session.record().status === 'waiting')
          entry.session.giveUp(isBerthError(error) ? error.message : 'It could not be restarted; see Berth’s log.')
      })
      .finally(() => {
        entry.returning = null
      })
  }

  async function comeBack(entry: Entry): Promise<void> {
    const { workspaceId, container } = entry.session.record()
    // Throws as long as the engine or the workspace is not there.
    const workspace = await resolveWorkspace(workspaceId, false)
    if (container !== null && entry.spec.container === null && workspace.opensDevcontainer && !workspace.devcontainer)
      throw devcontainerComing(workspace.name)
    await endLost(entry)
    if (entry.session.record().status === 'waiting') await begin(entry)
  }

  const ofWorkspace = (workspaceId: string) => [...entries.values()].filter(({ session }) => session.record().workspaceId === workspaceId)

  return {
    list(workspaceId) {
      const records = [...entries.values()].map(({ session }) => session.record())
      return workspaceId === undefined ? records : records.filter((record) => record.workspaceId === workspaceId)
    },
    async open(input) {
      const { tty, cols, rows } = input
      const kind = input.kind ?? kindOf(input)
      const spec: SessionSpec = {
        kind,
        command: input.command ?? null,
        container: input.container ?? null,
        user: input.user ?? null,
        cwd: input.cwd,
        env: input.env ?? {},
        tty: tty || kind === 'ssh',
        outside: input.outside === true,
        endsDetached: input.ephemeral && kind === 'command',
      }
      const { workspace, process, user, container } = await start(input.workspace, spec, { cols, rows }, input.start)
      const record: TerminalSession = {
        id: nanoid(),
        workspaceId: workspace.id,
        kind: spec.kind,
        name: input.name || null,
        title: titleOf(spec, process, container).slice(0, LONGEST_TITLE),
        command: process.command,
        user,
        container,
        tty: spec.tty,
        cols,
        rows,
        createdAt: now().toISOString(),
        status: 'running',
        statusDetail: null,
        exitCode: null,
        endedAt: null,
      }
      add(record, process, spec, input.ephemeral)
      return record
    },
    close: end,
    rename: (sessionId, name) => find(sessionId).session.rename(name || null),
    async restart(sessionId) {
      const entry = find(sessionId)
      await entry.returning
      await entry.session.endProcess()
      await endLost(entry)
      await begin(entry)
      return entry.session.record()
    },
    async signal(sessionId, signal) {
      const { session } = find(sessionId)
      await session.signal(signal)
      return session.record()
    },
    async nestedContainers(reference, signal) {
      const workspace = await resolveWorkspace(reference, false)
      assertAvailable(workspace, 'nested-engine')
      return listNestedContainers(machineOf(workspace.id), runningContainer(workspace), signal)
    },
    attach(sessionId, channel) {
      const entry = find(sessionId)
      if (entry.lonelyTimer) clearTimeout(entry.lonelyTimer)
      entry.lonelyTimer = null
      entry.session.attach(channel)
    },
    onWorkspaceStopped(workspaceId) {
      for (const { session } of ofWorkspace(workspaceId)) void session.containerStopped()
    },
    onWorkspace({ id, status, running }) {
      for (const entry of ofWorkspace(id)) {
        const session = entry.session.record().status
        if (running && session === 'waiting') returnInBackground(entry)
        if (status === 'stopped' && session === 'running') void entry.session.containerStopped()
      }
    },
    onWorkspaceRemoved(workspaceId) {
      for (const { session } of ofWorkspace(workspaceId)) endInBackground(session.record().id)
    },
    onEngineBack(isThere) {
      const here = [...entries.values()].filter(({ session }) => isThere(session.record().workspaceId))
      for (const entry of here) if (entry.lost || entry.session.record().status === 'waiting') returnInBackground(entry)
    },
    async closeAll() {
      await Promise.all([...entries.keys()].map(end))
      options.screens.close()
    },
  }
}

function kindOf({ command, container, user }: OpenInput): SessionKind {
  if (container !== undefined) return 'nested'
  if (command !== undefined) return 'command'
  return user === 'root' ? 'root' : 'shell'
}

function titleOf(spec: SessionSpec, process: SessionProcess, container: Launched['container']): string {
  if (spec.command) return spec.command.join(' ')
  if (container) return spec.container === null ? 'dev container' : container.name
  return spec.kind === 'ssh' ? 'ssh' : basename(process.command[0] ?? '')
}

/** Its event comes when it is up. */
function devcontainerComing(workspace: string): BerthError {
  return new BerthError('WORKSPACE_NOT_RUNNING', `The dev container of ${workspace} is not up yet.`, {
    ...{ workspace, status: 'starting' },
    next: 'Wait until it is up, or open a terminal in the workspace itself.',
  })
}

function runningContainer({ name, running, containerId }: SessionWorkspace): string {
  if (running && containerId !== null) return containerId
  throw new BerthError('WORKSPACE_NOT_RUNNING', `The workspace ${name} is not running.`, {
    workspace: name,
    status: 'stopped',
    next: `Start it first: berth start ${name}`,
  })
}
