import type { WorkspaceProcess } from '../../../shared/workspace-process'
import { PORT_WATCH } from '../../ports/listener-watch'
import { ENTRYPOINT, STATE_WATCH } from '../../provisioning/runtime-files'

/** What the entrypoint starts in every workspace, and `sleep` before it starts one of them again. */
const SERVICES = ['/usr/sbin/cron', 'dockerd', '/usr/bin/dockerd', '/usr/local/lib/berth/engine-socket', 'sleep']
/** As it is started, and as it calls itself later. */
const SSH_SERVERS = ['/usr/sbin/sshd -D', 'sshd: /usr/sbin/sshd -D']
/** The engine keeps its containers' processes elsewhere: below a shim, which is the init's child. */
const CONTAINERD = ['containerd', '/usr/bin/containerd']
const WATCHERS = [PORT_WATCH, STATE_WATCH]
/** sshd has two processes for a connection that runs no program: one with privileges and one without. */
const PLAIN_CONNECTION = 2

/**
 * Whether the container of a workspace runs only what every workspace always runs: its init, its entrypoint with the services, and Berth's watchers. An
 * ssh connection is not part of that, except for those that Berth holds open itself without using them, of which there are `ownConnections`.
 * False too where Berth's entrypoint is not among the processes.
 */
export function runsNothing(processes: readonly WorkspaceProcess[], ownConnections: number): boolean {
  const known = new Map(processes.map((process) => [process.pid, process]))
  const children = Map.groupBy(processes, ({ parentPid }) => parentPid)
  const childrenOf = ({ pid }: WorkspaceProcess) => children.get(pid) ?? []
  const entrypoint = processes.find(isEntrypoint)
  if (!entrypoint) return false
  let sparedConnections = ownConnections

  /** It and what it started. */
  const treeOf = (process: WorkspaceProcess): WorkspaceProcess[] => [process, ...childrenOf(process).flatMap(treeOf)]

  function isIdleService(process: WorkspaceProcess): boolean {
    const { command } = process
    if (SSH_SERVERS.some((start) => command.startsWith(start))) return childrenOf(process).every(isSpared)
    if (isEntrypoint(process)) return childrenOf(process).every(isIdleService)
    return (
      isProgram(process, SERVICES) && childrenOf(process).every((child) => isProgram(child, CONTAINERD) && childrenOf(child).length === 0)
    )
  }

  function isSpared(connection: WorkspaceProcess): boolean {
    sparedConnections -= 1
    return sparedConnections >= 0 && treeOf(connection).length <= PLAIN_CONNECTION
  }

  const init = known.get(entrypoint.parentPid)
  const idle = new Set(init ? [init, entrypoint] : [entrypoint])
  return (
    childrenOf(entrypoint).every(isIdleService) &&
    (!init || childrenOf(init).every((child) => child === entrypoint)) &&
    // What the engine started in the container besides: Berth's watchers, or a command.
    processes.every((process) => known.has(process.parentPid) || idle.has(process) || wordsOf(process).slice(0, 2).some(isWatcher))
  )
}

const wordsOf = ({ command }: WorkspaceProcess) => command.split(' ', 2)
const isProgram = (process: WorkspaceProcess, programs: readonly string[]) => programs.includes(wordsOf(process)[0] ?? '')
const isWatcher = (word: string) => WATCHERS.includes(word)

/** “/bin/bash ENTRYPOINT …”. The init has it among its arguments too, further behind. */
const isEntrypoint = (process: WorkspaceProcess) => wordsOf(process).includes(ENTRYPOINT)
