import type { TerminalSession } from '../../../shared/contract/terminals'
import type { Operation } from '../../../shared/operation'
import type { Workspace } from '../../../shared/workspace'
import type { Engine } from '../../engine/engine'
import { runsNothing } from './idle-processes'

interface IdleLookOptions {
  engineOf: (workspaceId: string) => { state(): { status: string }; containers: Pick<Engine['containers'], 'processes'> }
  isPaused: (workspaceId: string) => boolean
  terminals: (workspaceId: string) => Pick<TerminalSession, 'status'>[]
  operations: () => Pick<Operation, 'workspaceId' | 'involves' | 'endedAt'>[]
  /** Connections that forwards carry into it, and whether Berth has an ssh connection for them. */
  forwards: (workspaceId: string) => { connections: number; hasLink: boolean }
}

/**
 * Makes the function that says whether nothing goes on in a running workspace: no terminals, operations, connections, and processes of its
 * own. False where that is not known, because the engine is not connected or the container is paused. Throws what the engine throws.
 */
export function createIdleLook(options: IdleLookOptions): (workspace: Pick<Workspace, 'id' | 'containerId'>) => Promise<boolean> {
  const { engineOf, isPaused, terminals, operations, forwards } = options

  function isUsed(id: string): boolean {
    return (
      isPaused(id) ||
      terminals(id).some(({ status }) => status !== 'ended') ||
      operations().some((operation) => operation.endedAt === null && concerns(operation, id)) ||
      forwards(id).connections > 0
    )
  }

  return async ({ id, containerId }) => {
    const engine = engineOf(id)
    if (containerId === null || engine.state().status !== 'connected' || isUsed(id)) return false
    const processes = await engine.containers.processes(containerId)
    // Something may have begun meanwhile.
    return runsNothing(processes, forwards(id).hasLink ? 1 : 0) && !isUsed(id)
  }
}

function concerns({ workspaceId, involves }: Pick<Operation, 'workspaceId' | 'involves'>, id: string): boolean {
  return workspaceId === id || involves.some((involved) => involved.workspaceId === id)
}
