import { Mutex } from 'async-mutex'
import type { Operation } from '../../shared/operation'
import { hasEnded } from '../../shared/operation-state'

/** What an operation is about; `workspaceId` keeps others off the same workspace while it runs. */
export interface OperationSubject {
  workspaceId: string | null
  workspaceName: string | null
  /** Workspaces that must stay as they are meanwhile, or (`exclusive`) are changed too: the source of a clone. */
  involves?: Operation['involves']
}

/** Several operations can read a workspace at once, but only one can change it. Returns what blocks the subject. */
export function conflictAmong(operations: Iterable<Operation>, { workspaceId, involves = [] }: Omit<OperationSubject, 'workspaceName'>) {
  const wanted = [...(workspaceId === null ? [] : [{ workspaceId, exclusive: true }]), ...involves]
  for (const operation of operations) {
    if (hasEnded(operation)) continue
    for (const want of wanted) {
      if (operation.workspaceId === want.workspaceId) return operation
      const held = operation.involves.find((involved) => involved.workspaceId === want.workspaceId)
      if (held && (held.exclusive || want.exclusive)) return operation
    }
  }
  return null
}

/** Changes too small for an operation, one after the other on each workspace. */
export interface ShortHolds {
  run<Result>(workspaceId: string, work: () => Promise<Result>): Promise<Result>
  /** Resolves when none is under way on what the subject names; at once, without a turn between, if none is. */
  free(subject: OperationSubject): Promise<void> | null
}

export function createShortHolds(): ShortHolds {
  const mutexes = new Map<string, Mutex>()
  return {
    async run(workspaceId, work) {
      const mutex = mutexes.get(workspaceId) ?? new Mutex()
      mutexes.set(workspaceId, mutex)
      try {
        return await mutex.runExclusive(work)
      } finally {
        if (!mutex.isLocked()) mutexes.delete(workspaceId)
      }
    },
    free({ workspaceId, involves = [] }) {
      for (const id of [workspaceId, ...involves.map((involved) => involved.workspaceId)]) {
        const mutex = id === null ? undefined : mutexes.get(id)
        if (mutex?.isLocked()) return mutex.waitForUnlock()
      }
      return null
    },
  }
}
