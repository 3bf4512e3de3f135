import { client } from '../../client'
import { reportError } from '../problems/run-suggested-action'

/** How it then gets on comes with the events. */
export function retryOperation(operationId: string): void {
  client.operations.retry({ operationId }).catch((error: unknown) => reportError(error))
}

export function acceptOperation(operationId: string): void {
  client.operations.accept({ operationId }).catch((error: unknown) => reportError(error))
}
