import type { BerthEvent } from '../../shared/contract/events'
import type { Settings } from '../../shared/contract/settings'
import { BerthError, isBerthError } from '../../shared/errors'
import { isSamePort, type PortForward, type PortListener, type PortTarget, type WorkspacePorts } from '../../shared/port-forward'
import type { Workspace } from '../../shared/workspace'
import type { Engine } from '../engine/engine'
import { listNestedContainers } from '../engine/nested-containers'
import { log } from '../log'
import type { Records } from '../settings/records'
import { type Sighting, watchListeners } from './listener-watch'
import { containersSeen, toListeners } from './listeners'
import { connectToLoopback } from './nested-loopback'
import { createSshLink } from './ssh-link'
import { createWorkspaceForwards, type WorkspaceForwards } from './workspace-forwards'
import { workspaceSshServer } from './workspace-ssh-server'

/** Before a watcher that ended although its workspace runs is started again. */
const RESTART_MS = 2000
/** Of a watch of one container, before it is left until the engine is back: some four minutes. */
const MOST_FAILURES = 7
/** A report is taken at most this often; of those that come meanwhile only the latest. */
const REPORT_MS = 100
/** What is forwarded by itself, of each workspace; and never to a port of this machine that only its system's services use. */
const MOST_AUTOMATIC = 32
const FIRST_UNPRIVILEGED = 1024

/** A forward, and what a person should know of how it came about. */
export interface OpenedForward {
  forward: PortForward
  notice: string | null
}

/** What listens in the workspaces that run, and ports of this machine that lead there. */
export interface PortForwards {
  list(workspaceId: string): WorkspacePorts
  all(): WorkspacePorts[]
  /** Remembered; opened again whenever the workspace runs. The same number if `localPort` is left out, the next free one if it is taken. */
  add(workspaceId: string, target: PortTarget & { localPort?: number | undefined }): Promise<OpenedForward>
  /** Throws PORT_NOT_FORWARDED. */
  remove(workspaceId: string, target: PortTarget): Promise<WorkspacePorts>
  /** Forwards ports until the signal ends them. Throws WORKSPACE_NOT_RUNNING. */
  proxy(
    workspaceId: string,
    wanted: { port: number; localPort?: number | undefined }[],
    signal: AbortSignal,
  ): AsyncGenerator<OpenedForward[]>
  /** To be told of every workspace, and of every change of one. */
  onWorkspace(workspace: Workspace): void
  onWorkspaceRemoved(workspaceId: string): void
  onSettings(): void
  /** What runs is known again: a watch that ended while the engine was away goes on. */
  onEngineBack(isThere: (workspaceId: string) => boolean): void
  close(): void
}

interface PortForwardsOptions {
  /** Of the place where that workspace is. */
  engineOf: (workspaceId: string) => Pick<Engine, 'exec' | 'containers' | 'isLocal' | 'bringPort'>
  records: Pick<Records, 'forwards'>
  settings: () => Pick<Settings, 'forwardPorts'>
  privateKeyPath: string
  /** “type key” of each host key of a workspace that runs. */
  hostKeys: (workspaceId: string, containerId: string) => Promise<string[]>
  /** As it is now; null when there is none of that id. */
  workspace: (id: string) => Workspace | null
  emit: (event: BerthEvent) => void
}

interface Entry {
  workspace: Workspace
  /** null while they are not known. */
  listeners: PortListener[] | null
  forwards: WorkspaceForwards
  /** Ends the watcher of the container that runs. */
  watching: { containerId: string; abort: AbortController; failed: boolean; failures: number } | null
  told: string
}

export function createPortForwards({
  engineOf,
  records,
  settings,
  privateKeyPath,
  hostKeys: hostKeysOf,
  workspace: workspaceOf,
  emit,
}: PortForwardsOptions): PortForwards {
  const entries = new Map<string, Entry>()

  function entryOf(workspace: Workspace): Entry {
    const known = entries.get(workspace.id)
    if (known) {
      known.workspace = workspace
      return known
    }
    const link = createSshLink({ privateKeyPath, server: () => serverOf(entry.workspace) })
    const entry: Entry = {
      workspace,
      listeners: null,
      watching: null,
      told: '',
      forwards: createWorkspaceForwards({
        name: () => entry.workspace.name,
        link,
        listeners: () => entry.listeners ?? [],
        connectToLoopback: (target) => connectToLoopback(engineOf(workspace.id), entry.workspace.containerId ?? '', target),
        onChange: () => publish(entry),
      }),
    }
    entries.set(workspace.id, entry)
    for (const { localPort, ...target } of records.forwards.list(workspace.id)) {
      entry.forwards.put(target, localPort, 'kept').catch((error: unknown) => log.error({ err: error }, 'a forward was not taken up'))
    }
    return entry
  }

  const serverOf = ({ id, name, containerId, ports }: Workspace) =>
    workspaceSshServer(engineOf(id), { id, name, containerId, sshPort: ports.ssh }, hostKeysOf)

  const view = ({ workspace, listeners, forwards }: Entry): WorkspacePorts => ({
    workspaceId: workspace.id,
    listeners,
    forwards: forwards.list(),
  })

  function publish(entry: Entry): void {
    const ports = view(entry)
    const text = JSON.stringify(ports)
    if (text === entry.told) return
    entry.told = text
    emit({ type: 'ports', ports })
  }

  function start(entry: Entry, containerId: string): void {
    const watching = { containerId, abort: new AbortController(), failed: false, failures: 0 }
    entry.watching = watching
    entry.forwards.openAll().catch((error: unknown) => log.error({ err: error }, 'forwards were not opened'))
    begin(entry, watching)
  }

  function begin(entry: Entry, watching: NonNullable<Entry['watching']>): void {
    const { containerId, abort } = watching
    watching.failed = false
    watch(entry, containerId, abort.signal).catch((error: unknown) => {
      watching.failed = true
      if (entry.watching !== watching) return
      log.warn({ err: error, workspace: entry.workspace.name }, 'the ports of a workspace cannot be watched')
      watching.failures += 1
      if (watching.failures > MOST_FAILURES) return
      const again = () => {
        if (entry.watching === watching && watching.failed) begin(entry, watching)
      }
      setTimeout(again, RESTART_MS * 2 ** (watching.failures - 1)).unref()
    })
  }

  function stop(entry: Entry): void {
    entry.watching?.abort.abort()
    entry.watching = null
    entry.listeners = null
    entry.forwards.suspendAll()
    publish(entry)
  }

  async function watch(entry: Entry, containerId: string, signal: AbortSignal): Promise<void> {
    let names = new Map<string, string>()
    // One at a time, and of those that come meanwhile the latest: a flood of reports must not fill the memory.
    let waiting: Sighting[] | null = null
    let isTaking = false
    async function take(sightings: Sighting[]): Promise<void> {
      if (containersSeen(sightings).some((id) => !names.has(id))) names = await namesOfContainers(entry.workspace.id, containerId)
      if (signal.aborted) return
      entry.listeners = toListeners(sightings, names)
      await forwardByThemselves(entry)
      publish(entry)
    }
    async function takeAll(): Promise<void> {
      isTaking = true
      while (waiting && !signal.aborted) {
        const sightings = waiting
        waiting = null
        await take(sightings).catch((error: unknown) => log.warn({ err: error }, 'a report of ports was lost'))
        await new Promise((resolve) => setTimeout(resolve, REPORT_MS).unref())
      }
      isTaking = false
    }
    const onReport = (sightings: Sighting[]) => {
      waiting = sightings
      if (!isTaking) void takeAll()
    }
    for (;;) {
      const isThere = await watchListeners(engineOf(entry.workspace.id), containerId, { signal, onReport })
      if (!isThere || signal.aborted) return
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS).unref())
      if (signal.aborted) return
    }
  }

  /** By id; without them ids are shown. */
  async function namesOfContainers(workspaceId: string, containerId: string): Promise<Map<string, string>> {
    try {
      return new Map((await listNestedContainers(engineOf(workspaceId), containerId)).map(({ id, name }) => [id, name]))
    } catch (error) {
      if (!isBerthError(error, 'EXEC_FAILED')) throw error
      log.debug({ err: error, containerId }, 'the nested containers could not be listed')
      return new Map()
    }
  }

  /** Where it is the setting, what listens is forwarded, and what no longer listens is not. */
  async function forwardByThemselves({ forwards, listeners }: Entry): Promise<void> {
    const listening = listeners ?? []
    const room = MOST_AUTOMATIC - forwards.list().filter(({ kind }) => kind === 'automatic').length
    const isWanted = (listener: PortListener) => listener.port >= FIRST_UNPRIVILEGED && forwards.find(listener) === null
    const found = settings().forwardPorts === 'auto' ? listening.filter(isWanted) : []
    const wanted = found.slice(0, Math.max(0, room))
    if (wanted.length < found.length)
      log.info({ left: found.length - wanted.length }, 'not all ports of a workspace are forwarded by themselves')
    await Promise.all(wanted.map(({ port, container }) => forwards.put({ port, container }, port, 'automatic')))
    for (const forward of forwards.list()) {
      if (forward.kind === 'automatic' && !listening.some((listener) => isSamePort(listener, forward))) forwards.remove(forward)
    }
  }

  async function keep({ workspace, forwards }: Entry): Promise<void> {
    const kept = forwards.list().filter(({ kind }) => kind === 'kept')
    await records.forwards.put(
      workspace.id,
      kept.map(({ port, container, wantedLocalPort }) => ({ port, container, localPort: wantedLocalPort })),
    )
  }

  function find(workspaceId: string): Entry {
    const entry = entries.get(workspaceId)
    if (entry) return entry
    const workspace = workspaceOf(workspaceId)
    if (workspace) return entryOf(workspace)
    throw new BerthError('WORKSPACE_NOT_FOUND', 'There is no such workspace any more.', {
      workspace: workspaceId,
      next: 'See the list of workspaces for those there are.',
    })
  }

  return {
    list: (workspaceId) => view(find(workspaceId)),
    all: () => [...entries.values()].map(view),
    async add(workspaceId, { port, container, localPort }) {
      const entry = find(workspaceId)
      const opened = withNotice(await entry.forwards.put({ port, container }, localPort ?? port, 'kept'))
      await keep(entry)
      return opened
    },
    async remove(workspaceId, target) {
      const entry = find(workspaceId)
      if (!entry.forwards.find(target)) throw notForwarded(entry.workspace.name, target.port)
      entry.forwards.remove(target)
      await keep(entry)
      return view(entry)
    },
    async *proxy(workspaceId, wanted, signal) {
      const { workspace, forwards, watching } = find(workspaceId)
      if (!watching) throw notRunning(workspace)
      const lent = await Promise.all(wanted.map(({ port, localPort }) => forwards.lend({ port, container: null }, localPort ?? port)))
      try {
        yield lent.map(({ forward }) => withNotice(forward))
        await aborted(signal)
      } finally {
        for (const { end } of lent) end()
      }
    },
    onWorkspace(workspace) {
      const entry = entryOf(workspace)
      const runs = workspace.running && workspace.containerId !== null
      if (entry.watching && (!runs || entry.watching.containerId !== workspace.containerId)) stop(entry)
      if (runs && workspace.containerId !== null && !entry.watching) start(entry, workspace.containerId)
    },
    onWorkspaceRemoved(workspaceId) {
      const entry = entries.get(workspaceId)
      if (!entry) return
      entries.delete(workspaceId)
      entry.watching?.abort.abort()
      entry.forwards.close()
    },
    onEngineBack(isThere) {
      for (const [id, entry] of entries) if (isThere(id) && entry.watching?.failed) begin(entry, entry.watching)
    },
    onSettings() {
      for (const entry of entries.values()) {
        forwardByThemselves(entry).catch((error: unknown) => log.error({ err: error }, 'ports were not forwarded'))
      }
    },
    close() {
      for (const entry of entries.values()) {
        entry.watching?.abort.abort()
        // One that has failed is not begun again.
        entry.watching = null
        entry.forwards.close()
      }
      entries.clear()
    },
  }
}

function withNotice(forward: PortForward): OpenedForward {
  const { localPort, wantedLocalPort, status } = forward
  const moved = status === 'open' && localPort !== wantedLocalPort
  return { forward, notice: moved ? `Port ${wantedLocalPort} is not free on this machine; it is ${localPort}.` : null }
}

function notForwarded(workspace: string, port: number): BerthError {
  return new BerthError('PORT_NOT_FORWARDED', `Port ${port} of ${workspace} is not forwarded.`, {
    workspace,
    port,
    next: 'See its ports for those that are.',
  })
}

function notRunning({ name, status }: Workspace): BerthError {
  return new BerthError('WORKSPACE_NOT_RUNNING', `${name} does not run (it is ${status}).`, {
    workspace: name,
    status,
    next: `Start ${name} first.`,
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
