import { operationTitle } from '../../../shared/describe-operation'
import type { Operation } from '../../../shared/operation'
import { OPERATIONS } from '../../../shared/operation-kinds'
import { hasEnded } from '../../../shared/operation-state'
import { currentPath, go, parseWorkspaceRoute, routes, type WorkspaceTab } from '../../routes'
import { useStore } from '../../store/store'
import { dismissNotice, type NoticeAction, showNotice } from '../../ui/notice'
import { presentProblem } from '../problems/present-problem'
import { stepActions } from '../problems/run-suggested-action'

/** What ends sooner and well is seen where it happens; a notice would only be in the way. */
const LONG_MS = 3000

/** What this page has to remember of an operation that it started. */
interface Started {
  /** Does it once more. */
  again(): void
  /** Goes back to what was typed. */
  edit?: (() => void) | undefined
  /** What there is to say and do when it went well; null for nothing more than usual. */
  outcome?: (() => Outcome | null) | undefined
}

export interface Outcome {
  message: string
  actions: NoticeAction[]
}

const started = new Map<string, Started>()

/** From now on the end of this operation is told. One that was started elsewhere (another page, the command line) is not. */
export function notifyWhenDone(operationId: string, what: Started): void {
  started.set(operationId, what)
  const operation = useStore.getState().operations.byId[operationId]
  // A short one may have ended before the answer to the call that started it came.
  if (operation !== undefined && hasEnded(operation)) noticeEnd(operation)
}

/** To be called with each operation that ends. */
export function noticeEnd(operation: Operation): void {
  const what = started.get(operation.id)
  if (what === undefined) return
  started.delete(operation.id)
  // What came of it may be a workspace that can be used: then there is nothing to type again.
  const isGone = useStore.getState().workspaces.byId[operation.workspaceId ?? ''] === undefined
  const edit: NoticeAction[] = what.edit === undefined || !isGone ? [] : [{ label: 'Edit', run: what.edit }]
  const title = operationTitle(operation)
  if (operation.error !== null && operation.status === 'failed') {
    const presentation = presentProblem(operation.error)
    showNotice({
      tone: 'bad',
      id: noticeId(operation),
      title,
      message: [presentation.message, presentation.next].filter(Boolean).join(' '),
      actions: [...stepActions({ presentation, onRetry: what.again }), ...edit],
    })
  } else if (operation.status === 'succeeded') {
    noticeSuccess(operation, title, what.outcome?.() ?? null)
  } else {
    showNotice({ tone: 'plain', id: noticeId(operation), title, actions: edit })
  }
}

/** One for all tries at the same: what is told of the last one takes the place of what was told before. */
function noticeId({ kind, workspaceName }: Operation): string {
  return `operation ${kind} ${workspaceName ?? ''}`
}

function noticeSuccess(operation: Operation, title: string, outcome: Outcome | null): void {
  const took = Date.parse(operation.endedAt ?? operation.startedAt) - Date.parse(operation.startedAt)
  const place = placeOf(operation)
  const isInSight = place !== null && isOpen(place)
  // Seen nowhere else unless its screen is open.
  const isWorthTelling = OPERATIONS[operation.kind].isWorthTelling && !isInSight
  if (took < LONG_MS && operation.notices.length === 0 && !isWorthTelling && outcome === null) {
    // Of a try before this one.
    dismissNotice(noticeId(operation))
    return
  }
  const open: NoticeAction[] =
    place === null || isInSight ? [] : [{ label: 'Open', run: () => go(routes.workspace(place.name, place.tab)) }]
  showNotice({
    tone: 'good',
    id: noticeId(operation),
    title,
    message: [...operation.notices, outcome?.message].filter(Boolean).join(' '),
    actions: [...(outcome?.actions ?? []), ...open],
  })
}

interface Place {
  name: string
  tab: WorkspaceTab
}

/** Where what came of it is to be seen; null when there is nothing left to see. */
function placeOf({ kind, workspaceId }: Operation): Place | null {
  const name = useStore.getState().workspaces.byId[workspaceId ?? '']?.name
  if (name === undefined || kind === 'workspace.delete' || kind === 'host.delete') return null
  return { name, tab: OPERATIONS[kind].isOfSnapshot ? 'snapshots' : 'overview' }
}

/** A workspace as a whole is in sight on each of its tabs. */
function isOpen({ name, tab }: Place): boolean {
  const open = parseWorkspaceRoute(currentPath())
  return open?.name === name && (tab === 'overview' || open.tab === tab)
}
