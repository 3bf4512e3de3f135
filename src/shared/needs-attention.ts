import type { Workspace } from './workspace'

/** Whether somebody should look at it although it may be running: it failed, or something of it is missing. */
export function needsAttention({ status, problem }: Pick<Workspace, 'status' | 'problem'>): boolean {
  return status === 'error' || problem !== null
}
