import type { EngineView } from '../../../shared/contract/engines'
import type { Operation } from '../../../shared/operation'
import { hasEnded } from '../../../shared/operation-state'
import type { Workspace } from '../../../shared/workspace'

export const STEPS = ['engine', 'workspace', 'ssh'] as const
export type Step = (typeof STEPS)[number]

const MAKING: readonly Operation['kind'][] = [
  'workspace.create',
  'workspace.clone',
  'workspace.import',
  'workspace.adopt',
  'host.create',
  'host.clone',
]

/** Whether the workspace is still being made by this operation, which is the one under way on it. */
export function isBeingMade(operation: Operation | undefined): boolean {
  return operation !== undefined && MAKING.includes(operation.kind) && !hasEnded(operation)
}

/** The one that the first run is about: the newest, since that is the one just made. Templates are only there to be cloned. */
export function shownWorkspace(oldestFirst: readonly Workspace[]): Workspace | undefined {
  return oldestFirst.findLast(({ template }) => !template)
}

interface Facts {
  engines: readonly Pick<EngineView, 'state'>[]
  workspace: Pick<Workspace, 'host' | 'status'> | undefined
  isBeingMade: boolean
  isSshInstalled: boolean
}

/** Which steps are done. A host workspace needs no engine. */
export function doneSteps({ engines, workspace, isBeingMade, isSshInstalled }: Facts): Record<Step, boolean> {
  return {
    engine: engines.some(({ state }) => state.status === 'connected') || (workspace !== undefined && workspace.host !== null),
    workspace: workspace !== undefined && !isBeingMade && workspace.status !== 'error',
    ssh: isSshInstalled,
  }
}

/** The first that is not done; null once all are. */
export function currentStep(done: Record<Step, boolean>): Step | null {
  return STEPS.find((step) => !done[step]) ?? null
}
