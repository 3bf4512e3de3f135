import { needsAttention } from '../../../shared/needs-attention'
import type { Operation } from '../../../shared/operation'
import type { Workspace, WorkspaceStatus } from '../../../shared/workspace'
import type { DotState } from '../../ui/status-dot'

/** While one of these, something is being done to it. */
const BUSY: readonly WorkspaceStatus[] = ['pending', 'building', 'starting', 'stopping', 'deleting']

export function isBusy({ status, operationId }: Pick<Workspace, 'status' | 'operationId'>): boolean {
  return operationId !== null || BUSY.includes(status)
}

export function dotState(workspace: Pick<Workspace, 'status' | 'operationId' | 'problem'>): DotState {
  if (isBusy(workspace)) return 'busy'
  if (workspace.status === 'error') return 'error'
  // Something in it went wrong, such as the clone of its repository, though it can be used.
  if (needsAttention(workspace)) return 'warning'
  return workspace.status === 'running' ? 'running' : 'stopped'
}

/** “running”, and while busy what it is doing: “starting”, “cloning”. `operation` is the one under way on it; held is what is being copied. */
export function statusWord(workspace: Pick<Workspace, 'status' | 'template' | 'problem'>, operation?: Operation, isHeld = false): string {
  const { status, template } = workspace
  switch (operation?.kind) {
    case 'workspace.clone':
    case 'host.clone':
      return status === 'starting' ? 'starting' : 'cloning'
    case 'workspace.move':
    case 'workspace.relocate':
      return status === 'starting' ? 'starting' : 'moving'
    case 'workspace.export':
      return 'exporting'
    case 'workspace.import':
      return status === 'starting' ? 'starting' : 'importing'
    case 'snapshot.create':
      return 'taking snapshot'
    case 'snapshot.restore':
      return 'restoring'
    case 'snapshot.delete':
      return 'deleting snapshot'
    default:
      if (isHeld) return status === 'running' ? 'running, being cloned' : 'being cloned'
      if (template && status === 'stopped') return 'template'
      return operation === undefined && status !== 'error' && needsAttention(workspace) ? `${status}, needs attention` : status
  }
}
