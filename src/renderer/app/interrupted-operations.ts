import { useEffect } from 'react'
import type { Operation } from '../../shared/operation'
import { hasEnded } from '../../shared/operation-state'
import { go, routes } from '../routes'
import { useOperations, useStore, useSystem } from '../store/store'
import { formatCount } from '../ui/format'
import { showNotice } from '../ui/notice'
import { operationTitle } from '../workspace-model/operations/describe-operation'

/** The start of Berth of which the notice has been shown. */
const SHOWN_KEY = 'berth.interrupted-shown'
const MOST_NAMED = 3

/** Those that an earlier process was at when it ended, and that the one which started at `startedAt` took up. */
export function interruptedOperations(operations: readonly Operation[], startedAt: string): Operation[] {
  const start = Date.parse(startedAt)
  return operations.filter(
    (operation) => Date.parse(operation.startedAt) < start && (!hasEnded(operation) || Date.parse(operation.endedAt ?? '') >= start),
  )
}

/** “Could not create demo (undone)”: what has become of it. */
function outcome(operation: Operation): string {
  const { status, committed, waiting } = operation
  const isUndone = !committed && (status === 'failed' || status === 'cancelled')
  return `${operationTitle(operation)}${waiting !== null ? ' (waiting)' : isUndone ? ' (undone)' : ''}.`
}

/** Says once after each start which operations were interrupted, when what has become of them is known. */
export function useInterruptedNotice(): void {
  const operations = useOperations()
  const startedAt = useSystem()?.startedAt
  const loaded = useStore((state) => state.loaded)
  useEffect(() => {
    if (!loaded || startedAt === undefined || localStorage.getItem(SHOWN_KEY) === startedAt) return
    const interrupted = interruptedOperations(operations, startedAt)
    if (interrupted.length === 0 || interrupted.some((operation) => !hasEnded(operation) && operation.waiting === null)) return
    localStorage.setItem(SHOWN_KEY, startedAt)
    const named = interrupted.slice(0, MOST_NAMED).map(outcome)
    const more = interrupted.length > named.length ? [`And ${interrupted.length - named.length} more.`] : []
    showNotice({
      tone: 'bad',
      title: `Berth ended during ${formatCount(interrupted.length, 'operation')}`,
      message: [...named, ...more, 'Workspaces kept running.'].join(' '),
      actions: [{ label: 'Show activity', run: () => go(routes.activity) }],
    })
  }, [operations, startedAt, loaded])
}
