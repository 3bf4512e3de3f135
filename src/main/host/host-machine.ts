import type { PortListener } from '../../shared/port-forward'
import type { WorkspaceProcess } from '../../shared/workspace-process'
import type { Machine } from '../engine/machine'
import { copyFolder } from './copy-folder'
import { hostExec } from './host-exec'
import { hostFiles } from './host-files'
import { hostListeners } from './host-listeners'
import { hostProcesses, workspacesWithProcesses } from './host-processes'

/** The machine that host workspaces are folders of. What runs in one has a variable by which it is found. */
export interface HostMachine extends Machine {
  copyFolder: typeof copyFolder
  /** The ports that its processes listen on, as they are now. */
  listenersIn(workspaceId: string): Promise<PortListener[]>
  /** Its current processes. */
  processesIn(workspaceId: string): Promise<WorkspaceProcess[]>
  /** Those of them in which something runs. */
  withProcesses(workspaceIds: readonly string[]): Promise<Set<string>>
}

/** In the environment of all that Berth starts in that workspace, and so of all that this starts. */
export const hostVariable = (workspaceId: string): string => `BERTH_WORKSPACE_ID=${workspaceId}`

/** This machine itself. */
export const hostMachine: HostMachine = {
  exec: hostExec,
  containers: hostFiles,
  copyFolder,
  listenersIn: (workspaceId) => hostListeners(hostVariable(workspaceId)),
  processesIn: (workspaceId) => hostProcesses(hostVariable(workspaceId)),
  withProcesses: (workspaceIds) => workspacesWithProcesses(workspaceIds, hostVariable),
}
