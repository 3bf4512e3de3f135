import type { Operation, OperationStep } from '../../../shared/operation'
import { OPERATIONS } from '../../../shared/operation-kinds'
import { isRepoProblem } from '../../../shared/repo-problem'

/** “Creating”, “Created”, “Could not create”, “Creation cancelled”: beside the workspace that it is about. */
export function operationVerb(operation: Operation): string {
  const { kind, status } = operation
  const { doing, done, failed, noun } = OPERATIONS[kind]
  if (lacksOnlyRepo(operation)) return `${done}; a repository is missing`
  switch (status) {
    case 'running':
      return doing
    case 'rolling-back':
      return `Undoing the ${noun.toLowerCase()}`
    case 'succeeded':
      return done
    case 'failed':
      return failed
    case 'cancelled':
      return `${noun} cancelled`
    default:
      return status satisfies never
  }
}

/** “Creating api-server”, “Cloning to api-exp”, “Creation of api-server cancelled”. */
export function operationTitle(operation: Operation): string {
  const { noun, link } = OPERATIONS[operation.kind]
  const subject = operation.workspaceName ?? OPERATIONS[operation.kind].subject?.page ?? 'a workspace'
  if (operation.status === 'cancelled') return `${noun} ${link ?? 'of'} ${subject} cancelled`
  if (lacksOnlyRepo(operation)) return `${OPERATIONS[operation.kind].done} ${subject}; a repository is missing`
  const between = link ?? (operation.status === 'rolling-back' ? 'of' : '')
  return [operationVerb(operation), between, subject].filter(Boolean).join(' ')
}

/** The workspace is there and runs: all but the clone of a repository went well. */
function lacksOnlyRepo({ status, error }: Operation): boolean {
  return status === 'failed' && error !== null && isRepoProblem(error.code)
}

export function currentStep(operation: Operation): OperationStep | undefined {
  return operation.steps.findLast(({ status }) => status === 'running')
}
