import type { Problem } from '../../shared/error-definitions'
import { BerthError, isBerthError, toProblem } from '../../shared/errors'
import type { Operation } from '../../shared/operation'
import { OPERATIONS } from '../../shared/operation-kinds'
import { log } from '../log'

export function busyError(operation: Operation): BerthError {
  const name = operation.workspaceName ?? ''
  return new BerthError('WORKSPACE_BUSY', `${name} is ${OPERATIONS[operation.kind].busy}.`, {
    workspace: name,
    operationId: operation.id,
    operationKind: operation.kind,
    next: operation.needsDecision
      ? `That operation cannot continue. “berth operation show ${operation.id}” says why.`
      : 'Wait until that operation has ended, or cancel it.',
  })
}

export function notFound(operationId: string): BerthError {
  return new BerthError('OPERATION_NOT_FOUND', `The operation ${operationId} does not exist.`, {
    operationId,
    next: 'It may have ended long ago: Berth keeps only the last 200.',
  })
}

export function notCancellable(operationId: string, reason: string): BerthError {
  return new BerthError('OPERATION_NOT_CANCELLABLE', `The operation cannot be cancelled: ${reason}.`, {
    operationId,
    reason,
    next: 'Wait until it has ended.',
  })
}

export function notWaiting(operationId: string): BerthError {
  return new BerthError('OPERATION_NOT_WAITING', 'The operation is not waiting for anything.', { operationId, next: 'Check its state.' })
}

export function journalUnreadable(operationId: string, file: string, reason: string): BerthError {
  return new BerthError('JOURNAL_UNREADABLE', `Berth does not know how to finish operation ${operationId}: ${reason}`, {
    operationId,
    file,
    reason,
    next: `Finish it with the version of Berth that started it, or check what it left behind and accept it: berth operation accept ${operationId}`,
  })
}

/** What recovery says of an operation that a former process left half done. */
export function interruptedProblem(operation: Operation): Problem {
  return toProblem(
    new BerthError('INTERRUPTED', 'Berth was stopped during the operation, which was undone.', {
      operationId: operation.id,
      next: 'Start it again.',
    }),
  )
}

/** Said of one that a former process left, until the engine is there. */
export function interruptedWaiting(operation: Operation): Problem {
  return toProblem(
    new BerthError('INTERRUPTED', 'Berth was stopped during the operation, and continues it when the engine is available.', {
      operationId: operation.id,
      next: 'Start the engine. Berth reconnects automatically.',
    }),
  )
}

/** Typed already, a cancel, or a fault of Berth's own, which is logged with a reference to find it by. */
export function asBerthError(error: unknown, signal: AbortSignal, operation: Operation): BerthError {
  if (signal.aborted) {
    const what = operation.workspaceName ?? operation.kind
    return new BerthError('CANCELLED', 'It was cancelled.', { what, next: 'Start it again if you still need it.' }, { cause: error })
  }
  if (isBerthError(error)) return error
  log.error({ err: error, operation: operation.id }, 'an operation failed unexpectedly')
  return new BerthError(
    'INTERNAL',
    `Something in Berth went wrong: ${error instanceof Error ? error.message : String(error)}`,
    { reference: operation.id, next: 'Try again. If it happens again, report it with the log of Berth.' },
    { cause: error },
  )
}
