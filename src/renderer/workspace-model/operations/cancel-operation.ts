import { client } from '../../client'
import { reportError } from '../problems/run-suggested-action'

/** What is undone and that it ended comes with the events. */
export function cancelOperation(operationId: string): void {
  client.operations.cancel({ operationId }).catch((error: unknown) => reportError(error))
}
