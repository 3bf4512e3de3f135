import { OPERATIONS } from '../../../shared/operation-kinds'
import { hasEnded } from '../../../shared/operation-state'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import type { Records, WorkspaceRecord } from '../../settings/records'
import type { StorageUsages } from './storage-usage'

/** Measures a workspace that has a limit when something was done with it, so that it is warned of in time. */
export function createLimitWatch(
  operations: Operations,
  records: Pick<Records, 'get'>,
  usagesOf: (record: WorkspaceRecord) => Pick<StorageUsages, 'measureOne'>,
): { close(): void } {
  const closing = new AbortController()
  const stop = operations.onChange((operation) => {
    if (!hasEnded(operation) || !OPERATIONS[operation.kind].changesDiskUse) return
    const record = operation.workspaceId === null ? null : records.get(operation.workspaceId)
    if (!record || record.limits.diskBytes === null || closing.signal.aborted) return
    usagesOf(record)
      .measureOne(record, closing.signal)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) log.warn({ err: error, workspace: record.name }, 'a workspace with a limit could not be measured')
      })
  })
  return {
    close() {
      stop()
      closing.abort()
    },
  }
}
