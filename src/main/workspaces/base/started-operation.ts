import type { Problem } from '../../../shared/error-definitions'
import { BerthError } from '../../../shared/errors'
import type { Operation } from '../../../shared/operation'
import type { Workspace } from '../../../shared/workspace'

/** An operation that has begun, and the workspace as it is at that moment. */
export interface StartedOperation {
  operation: Operation
  workspace: Workspace
}

/** It has failed, or `waiting` tells what blocks it. */
export function hasFailed({ error, waiting }: Operation): boolean {
  return error !== null || waiting !== null
}

/** The failure of an operation as the failure of the call that waited for it. */
export function problemToError(operation: Operation): BerthError {
  const error = operation.error ?? operation.waiting?.problem
  if (!error) throw new Error(`operation ${operation.id} did not fail`)
  return problemAsError(error)
}

/** The error that the problem was made of. */
export function problemAsError(problem: Problem): BerthError {
  // It was made by toProblem from an error of this very code, so that its data are of its form.
  return new BerthError(problem.code, problem.message, { ...problem.data, next: problem.next } as never)
}
