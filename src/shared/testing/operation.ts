import type { Operation, OperationStep } from '../operation'

/** A running operation without steps, with the given changes. */
export function operation(fields: Partial<Operation> = {}): Operation {
  return {
    id: 'o',
    kind: 'workspace.create',
    workspaceId: 'w',
    workspaceName: 'demo',
    involves: [],
    status: 'running',
    steps: [],
    cancellable: true,
    committed: false,
    waiting: null,
    needsDecision: false,
    accepted: false,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    notices: [],
    error: null,
    ...fields,
  }
}

/** A step of that title, with the given changes. */
export function operationStep(title: string, fields: Partial<OperationStep> = {}): OperationStep {
  return {
    name: title,
    title,
    status: 'running',
    startedAt: null,
    endedAt: null,
    progress: null,
    detail: null,
    skipped: null,
    ...fields,
  }
}
