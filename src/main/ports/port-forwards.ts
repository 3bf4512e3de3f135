import type { BerthEvent } from '../../shared/contract/events'
import type { Settings } from '../../shared/contract/settings'
import { BerthError } from '../../shared/errors'
import type { PortForward, PortListener, WorkspacePorts } from '../../shared/port-forward'
import { isSamePort, type PortTarget } from '../../shared/port-target'
import type { Workspace } from '../../shared/workspace'
import type { Engine } from '../engine/engine'
import { log } from '../log'
import type { Records } from '../settings/records'
import { createListenerWatches } from './listener-watches'
import { connectToLoopback } from './nested-loopback'
import { createSshLink } from './ssh-link'
import { createWorkspaceForwards, type ForwardUse, type WorkspaceForwards } from './workspace-forwards'
import { workspaceSshServer } from './workspace-ssh-server'

/** Limits for automatic forwards, per workspace; never to a port of this machine that is reserved for system services. */
const MOST_AUTOMATIC = 32
const FIRST_UNPRIVILEGED = 1024

/** A forward, and what a person should know of how it came about. */
export interface OpenedForward {
  forward: PortForward
  notice: string | null
}

/**
 * What listens in the running workspaces, and ports of this machine that lead there. If many are running, listening ports are only known
 * for those in use and the most recently used ones (`watched-workspaces.ts`); forwards are open in all.
 */
export interface PortForwards {
  /** As they are known now; `look` finds out. */
  list(workspaceId: string): WorkspacePorts
  /** A use: what listens is found out where it is not known. Takes five seconds at most. */
  look(workspaceId: string): Promise<WorkspacePorts>
  /** Like `look`, and after each change, until the signal ends it or the workspace is gone. It is watched during that time. */
  watch(workspaceId: string, signal: AbortSignal): AsyncGenerator<WorkspacePorts>
  all(): WorkspacePorts[]
  useOf(workspaceId: string): ForwardUse
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
  /** Must be called for every workspace, and at every change of one. */
  onWorkspace(workspace: Workspace): void
  onWorkspaceRemoved(workspaceId: string): void
  onSettings(): void
  /** The workspaces with sessions may have changed. */
  onTerminals(): void
  /** Running workspaces are known again: a watch that ended while the engine was away resumes. */
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
  /** Names of the current engines. */
  connectedEngines: () => ReadonlySet<string>
  /** Those with terminals count as in use. */
  withTerminals: () => ReadonlySet<string>
  emit: (event: BerthEvent) => void
  now: () => Date
}

interface Entry {
  workspace: Workspace
  forwards: WorkspaceForwards
  /** The container that runs; null when none does. */
  run: string | null
  told: string
  /** To be woken at the next change. */
  readers: Set<() => void>
}

export function createPortForwards({
  engineOf,
  records,
  settings,
  privateKeyPath,
  hostKeys: hostKeysOf,
  workspace: workspaceOf,
  connectedEngines,
  withTerminals,
  emit,
  now,
}: PortForwardsOptions): PortForwards {
  const entries = new Map<string, Entry>()
  const watches = createListenerWatches({
    ...{ engineOf, connectedEngines, withTerminals, now },
    async onReport(workspaceId) {
      const entry = entries.get(workspaceId)
      if (!entry) return
      await forwardByThemselves(entry)
      publish(entry)
    },
    onUnknown(workspaceId) {
      const entry = entries.get(workspaceId)
      if (entry) publish(entry)
    },
  })

  function entryOf(workspace: Workspace): Entry {
    const known = entries.get(workspace.id)
    if (known) {
      known.workspace = workspace
      return known
    }
    const link = createSshLink({ privateKeyPath, server: () => serverOf(entry.workspace) })
    const entry: Entry = {
      workspace,
      ...{ run: null, told: '', readers: new Set() },
      forwards: createWorkspaceForwards({
        name: () => entry.workspace.name,
        link,
        // A connection to it is a use.
        async listeners() {
          await watches.use(workspace.id)
          return watches.listeners(workspace.id) ?? []
        },
        connectToLoopback: (target) => connectToLoopback(engineOf(workspace.id), entry.workspace.containerId ?? '', target),
        onChange: () => publish(entry),
      }),
    }
    entries.set(workspace.id, entry)
    for (const { localPort, ...target } of records.forwards.list(workspace.id)) {
      entry.forwards.put(target, localPort, 'kept').catch((error: unknown) => log.error({ err: error }, 'a forward could not be restored'))
    }
    return entry
  }

  const serverOf = ({ id, name, containerId, ports }: Workspace) =>
    workspaceSshServer(engineOf(id), { id, name, containerId, sshPort: ports.ssh }, hostKeysOf)

  const view = ({ workspace, forwards }: Entry): WorkspacePorts => ({
    workspaceId: workspace.id,
    listeners: watches.listeners(workspace.id),
    forwards: forwards.list(),
  })

  function publish(entry: Entry): void {
    const ports = view(entry)
    const text = JSON.stringify(ports)
    if (text === entry.told) return
    entry.told = text
    wake(entry)
    emit({ type: 'ports', ports })
  }

  function wake({ readers }: Entry): void {
    for (const read of [...readers]) read()
  }

  /** Where it is the setting, what listens is forwarded, and what no longer listens is not. */
  async function forwardByThemselves({ workspace, forwards }: Entry): Promise<void> {
    // Where it is not known what listens all stays as it is.
    if (watches.isUnwatched(workspace.id)) return
    const listening = watches.listeners(workspace.id) ?? []
    const room = MOST_AUTOMATIC - forwards.list().filter(({ kind }) => kind === 'automatic').length
    const isWanted = (listener: PortListener) => listener.port >= FIRST_UNPRIVILEGED && forwards.find(listener) === null
    const found = settings().forwardPorts === 'auto' ? listening.filter(isWanted) : []
    const wanted = found.slice(0, Math.max(0, room))
    if (wanted.length < found.length)
      log.info({ left: found.length - wanted.length }, 'not all ports of a workspace are forwarded automatically')
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
    if (workspace) {
      watches.onWorkspace(workspace, null)
      return entryOf(workspace)
    }
    throw new BerthError('WORKSPACE_NOT_FOUND', 'The workspace no longer exists.', {
      workspace: workspaceId,
      next: 'Check the list of workspaces.',
    })
  }

  return {
    list: (workspaceId) => view(find(workspaceId)),
    async look(workspaceId) {
      const entry = find(workspaceId)
      await watches.use(workspaceId)
      return view(entry)
    },
    async *watch(workspaceId, signal) {
      const entry = find(workspaceId)
      const release = watches.hold(workspaceId)
      const onAbort = () => wake(entry)
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        await watches.use(workspaceId)
        for (let told = ''; !signal.aborted && entries.get(workspaceId) === entry; ) {
          const ports = view(entry)
          const text = JSON.stringify(ports)
          if (text !== told) {
            told = text
            yield ports
          } else await nextChange(entry)
        }
      } finally {
        signal.removeEventListener('abort', onAbort)
        release()
      }
    },
    all: () => [...entries.values()].map(view),
    useOf: (workspaceId) => entries.get(workspaceId)?.forwards.use() ?? { connections: 0, hasLink: false },
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
      const entry = find(workspaceId)
      const { workspace, forwards, run } = entry
      if (run === null) throw notRunning(workspace)
      const lent = await Promise.all(wanted.map(({ port, localPort }) => forwards.lend({ port, container: null }, localPort ?? port)))
      const release = watches.hold(workspaceId)
      try {
        yield lent.map(({ forward }) => withNotice(forward))
        await aborted(signal)
      } finally {
        for (const { end } of lent) end()
        release()
      }
    },
    onWorkspace(workspace) {
      const entry = entryOf(workspace)
      const run = workspace.running ? workspace.containerId : null
      const { run: before } = entry
      entry.run = run
      watches.onWorkspace(workspace, run)
      if (before === run) return
      if (before !== null) {
        entry.forwards.suspendAll()
        publish(entry)
      }
      if (run !== null) entry.forwards.openAll().catch((error: unknown) => log.error({ err: error }, 'forwards were not opened'))
    },
    onWorkspaceRemoved(workspaceId) {
      const entry = entries.get(workspaceId)
      if (!entry) return
      entries.delete(workspaceId)
      watches.onWorkspaceRemoved(workspaceId)
      entry.forwards.close()
      wake(entry)
    },
    onTerminals: watches.chooseSoon,
    onEngineBack: watches.onEngineBack,
    onSettings() {
      for (const entry of entries.values()) {
        forwardByThemselves(entry).catch((error: unknown) => log.error({ err: error }, 'ports were not forwarded'))
      }
    },
    close() {
      watches.close()
      const all = [...entries.values()]
      entries.clear()
      for (const entry of all) {
        entry.forwards.close()
        wake(entry)
      }
    },
  }
}

function nextChange({ readers }: Entry): Promise<void> {
  return new Promise((resolve) => {
    const read = () => {
      readers.delete(read)
      resolve()
    }
    readers.add(read)
  })
}

function withNotice(forward: PortForward): OpenedForward {
  const { localPort, wantedLocalPort, status } = forward
  const moved = status === 'open' && localPort !== wantedLocalPort
  return { forward, notice: moved ? `Port ${wantedLocalPort} is in use on this machine, so the local port is ${localPort}.` : null }
}

function notForwarded(workspace: string, port: number): BerthError {
  return new BerthError('PORT_NOT_FORWARDED', `Port ${port} of ${workspace} is not forwarded.`, {
    workspace,
    port,
    next: 'Check the ports of the workspace.',
  })
}

function notRunning({ name, status }: Workspace): BerthError {
  return new BerthError('WORKSPACE_NOT_RUNNING', `${name} is not running (its status is ${status}).`, {
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
