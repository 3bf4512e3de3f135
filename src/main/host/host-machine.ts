import type { Machine } from '../engine/machine'
import { copyFolder } from './copy-folder'
import { hostExec } from './host-exec'
import { hostFiles } from './host-files'

/** What there is besides of the machine that host workspaces are folders of. */
export interface HostMachine extends Machine {
  copyFolder: typeof copyFolder
}

/** This machine itself. */
export const hostMachine: HostMachine = { exec: hostExec, containers: hostFiles, copyFolder }
