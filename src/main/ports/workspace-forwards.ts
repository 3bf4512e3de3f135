import type { Duplex } from 'node:stream'
import { BerthError, isBerthError, toProblem } from '../../shared/errors'
import type { PortForward, PortListener } from '../../shared/port-forward'
import { isSamePort, type PortTarget } from '../../shared/port-target'
import { log } from '../log'
import { type LocalListener, listenLocally } from './local-listener'
import type { SshLink } from './ssh-link'

interface WorkspaceForwardsOptions {
  /** For messages. */
  name: () => string
  link: SshLink
  /** What listens inside, as far as it can be known; asked at each connection. */
  listeners: () => Promise<PortListener[]>
  /** To the loopback of a nested container. */
  connectToLoopback(target: { container: string; port: number }): Promise<Duplex>
  onChange(): void
}

interface Entry {
  forward: PortForward
  listener: LocalListener | null
}

/** How forwards are used at this moment. */
export interface ForwardUse {
  /** That they carry. */
  connections: number
  /** Whether there is an ssh connection for them; it stays when nothing uses it. */
  hasLink: boolean
}

/** The forwards of one workspace: open while it runs, waiting while it does not. */
export interface WorkspaceForwards {
  list(): PortForward[]
  find(target: PortTarget): PortForward | null
  use(): ForwardUse
  /** Opens it, or has it wait for the workspace. A forward to the same port is changed to that; one that is kept stays so. */
  put(target: PortTarget, wantedLocalPort: number, kind: 'kept' | 'automatic'): Promise<PortForward>
  /** Beside those there are, for as long as the caller wants it. */
  lend(target: PortTarget, wantedLocalPort: number): Promise<{ forward: PortForward; end(): void }>
  remove(target: PortTarget): void
  /** The workspace runs: what waits is opened. */
  openAll(): Promise<void>
  /** The workspace is no longer running. */
  suspendAll(): void
  close(): void
}

export function createWorkspaceForwards({
  name,
  link,
  listeners,
  connectToLoopback,
  onChange,
}: WorkspaceForwardsOptions): WorkspaceForwards {
  const entries: Entry[] = []
  let isRunning = false
  const find = (target: PortTarget) => entries.find(({ forward }) => forward.kind !== 'temporary' && isSamePort(forward, target))

  async function open(entry: Entry): Promise<void> {
    const target = { port: entry.forward.port, container: entry.forward.container }
    try {
      const listener = await listenLocally(entry.forward.wantedLocalPort, () => connect(target))
      // Taken away, or its workspace stopped, while the port was being sought.
      if (!isRunning || !entries.includes(entry) || entry.listener) return listener.close()
      entry.listener = listener
      entry.forward = { ...entry.forward, localPort: listener.port, status: 'open', problem: null }
    } catch (error) {
      log.warn({ err: error, workspace: name() }, 'a port could not be forwarded')
      entry.forward = { ...entry.forward, status: 'failed', problem: toProblem(failed(target, error)) }
    }
    onChange()
  }

  async function connect({ port, container }: PortTarget): Promise<Duplex> {
    const found = (await listeners()).find((listener) => isSamePort(listener, { port, container }))
    if (found) return link.connect(found.host, port)
    if (container === null) return link.connect('127.0.0.1', port)
    return connectToLoopback({ container, port }).catch((error: unknown) => Promise.reject(failed({ port, container }, error)))
  }

  function failed(target: PortTarget, error: unknown): BerthError {
    if (isBerthError(error)) return error
    const reason = error instanceof Error ? error.message : String(error)
    return new BerthError(
      'FORWARD_FAILED',
      `Port ${target.port} of ${name()} cannot be forwarded: ${reason}.`,
      { workspace: name(), port: target.port, reason, next: 'Try again, or use another port on this machine.' },
      { cause: error },
    )
  }

  async function add(forward: PortForward): Promise<Entry> {
    const entry: Entry = { forward, listener: null }
    entries.push(entry)
    if (isRunning) await open(entry)
    else onChange()
    return entry
  }

  function drop(entry: Entry): void {
    shut(entry)
    const index = entries.indexOf(entry)
    if (index !== -1) entries.splice(index, 1)
    onChange()
  }

  function shut(entry: Entry): void {
    entry.listener?.close()
    entry.listener = null
  }

  return {
    list: () => entries.map(({ forward }) => forward).sort((a, b) => a.port - b.port),
    find: (target) => find(target)?.forward ?? null,
    use: () => ({ connections: entries.reduce((sum, { listener }) => sum + (listener?.connections() ?? 0), 0), hasLink: link.isOpen() }),
    async put(target, wantedLocalPort, kind) {
      const known = find(target)
      if (!known) return (await add(waiting(target, wantedLocalPort, kind))).forward
      const keptKind = known.forward.kind === 'kept' ? 'kept' : kind
      if (known.listener && known.forward.wantedLocalPort === wantedLocalPort) {
        known.forward = { ...known.forward, kind: keptKind }
        onChange()
        return known.forward
      }
      shut(known)
      known.forward = waiting(target, wantedLocalPort, keptKind)
      if (isRunning) await open(known)
      else onChange()
      return known.forward
    },
    async lend(target, wantedLocalPort) {
      const entry = await add(waiting(target, wantedLocalPort, 'temporary'))
      return { forward: entry.forward, end: () => drop(entry) }
    },
    remove(target) {
      const entry = find(target)
      if (entry) drop(entry)
    },
    async openAll() {
      isRunning = true
      await Promise.all(entries.filter(({ listener }) => !listener).map(open))
    },
    suspendAll() {
      isRunning = false
      for (const entry of entries) {
        shut(entry)
        entry.forward = { ...entry.forward, localPort: entry.forward.wantedLocalPort, status: 'waiting', problem: null }
      }
      link.close()
      onChange()
    },
    close() {
      isRunning = false
      for (const entry of entries) shut(entry)
      link.close()
    },
  }
}

function waiting({ port, container }: PortTarget, wantedLocalPort: number, kind: PortForward['kind']): PortForward {
  return { port, container, localPort: wantedLocalPort, wantedLocalPort, status: 'waiting', problem: null, kind }
}
