import type { Operation, OperationStep } from './operation'
import { OPERATIONS } from './operation-kinds'
import { isRepoProblem } from './repo-problem'

/** “Creating”, “Created”, “Could not create”, “Creation cancelled”: beside the workspace that it is about. */
export function operationVerb(operation: Operation): string {
  const { kind, status } = operation
  const { doing, done, failed, noun } = OPERATIONS[kind]
  const flaw = onlyFlaw(operation)
  if (flaw !== null) return `${done}; ${flaw}`
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
  const flaw = onlyFlaw(operation)
  if (flaw !== null) return `${OPERATIONS[operation.kind].done} ${subject}; ${flaw}`
  const between = link ?? (operation.status === 'rolling-back' ? 'of' : '')
  return [operationVerb(operation), between, subject].filter(Boolean).join(' ')
}

/** What is wrong with a workspace that is there and runs, all else having gone well; null when there is no such thing. */
function onlyFlaw({ kind, status, error }: Operation): string | null {
  if (status !== 'failed' || error === null || kind === 'workspace.rerun-init' || kind === 'host.rerun-init') return null
  if (isRepoProblem(error.code)) return 'a repository is missing'
  if (error.code === 'INIT_SCRIPT_FAILED') return 'its init script failed'
  return error.code === 'POST_START_FAILED' ? 'a post-start script failed' : null
}

export function currentStep(operation: Operation): OperationStep | undefined {
  return operation.steps.findLast(({ status }) => status === 'running')
}
