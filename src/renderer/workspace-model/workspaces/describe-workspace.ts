import type { Operation } from '../../../shared/operation'
import type { Workspace, WorkspaceStatus } from '../../../shared/workspace'
import type { DotState } from '../../ui/status-dot'

/** While one of these, something is being done to it. */
const BUSY: readonly WorkspaceStatus[] = ['pending', 'building', 'starting', 'stopping', 'deleting']

export function isBusy({ status, operationId }: Pick<Workspace, 'status' | 'operationId'>): boolean {
  return operationId !== null || BUSY.includes(status)
}

/** Something in it went wrong, such as the clone of its repository, though it can be used. */
function needsAttention({ status, problem }: Pick<Workspace, 'status' | 'problem'>): boolean {
  return problem !== null && status !== 'error'
}

export function dotState(workspace: Pick<Workspace, 'status' | 'operationId' | 'problem'>): DotState {
  if (isBusy(workspace)) return 'busy'
  if (needsAttention(workspace)) return 'warning'
  if (workspace.status === 'running') return 'running'
  return workspace.status === 'error' ? 'error' : 'stopped'
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
      return operation === undefined && needsAttention(workspace) ? `${status}, needs attention` : status
  }
}
