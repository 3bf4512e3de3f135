import { hasEnded, type OperationKind } from '../../../shared/operation'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import type { Records } from '../../settings/records'
import type { StorageUsages } from './storage-usage'

/** After these a workspace may take more or less than before. */
const CHANGES: ReadonlySet<OperationKind> = new Set([
  'workspace.create',
  'workspace.start',
  'workspace.stop',
  'workspace.restart',
  'workspace.clone',
  'snapshot.create',
  'snapshot.restore',
  'snapshot.delete',
])

/** Measures a workspace that has a limit when something was done with it, so that it is warned of in time. */
export function createLimitWatch(
  operations: Operations,
  records: Pick<Records, 'get'>,
  usages: Pick<StorageUsages, 'measureOne'>,
): { close(): void } {
  const closing = new AbortController()
  const stop = operations.onChange((operation) => {
    if (!hasEnded(operation) || !CHANGES.has(operation.kind)) return
    const record = operation.workspaceId === null ? null : records.get(operation.workspaceId)
    if (!record || record.limits.diskBytes === null || closing.signal.aborted) return
    usages.measureOne(record, closing.signal).catch((error: unknown) => {
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
