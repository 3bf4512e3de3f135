import type { Operation } from './operation'

/** True once the operation has ended, however. */
export function hasEnded(operation: Operation): boolean {
  return operation.endedAt !== null
}
