import type { Machine } from '../engine/machine'
import { hostExec } from './host-exec'
import { hostFiles } from './host-files'

/** This machine itself, for workspaces that are folders of it. */
export const hostMachine: Machine = { exec: hostExec, containers: hostFiles }
