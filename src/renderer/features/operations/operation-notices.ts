import type { Operation } from '../../../shared/operation'
import { go, parseWorkspaceRoute, routes } from '../../routes'
import { useStore } from '../../store/store'
import { type NoticeAction, showNotice } from '../../ui/notice'
import { presentProblem } from '../problems/present-problem'
import { stepActions } from '../problems/take-step'
import { operationTitle } from './describe-operation'

/** What ends sooner and well is seen where it happens; a notice would only be in the way. */
const LONG_MS = 3000

/** What this page has to remember of an operation that it started. */
interface Started {
  /** Does it once more. */
  again(): void
  /** Goes back to what was typed. */
  edit?: () => void
}

const started = new Map<string, Started>()

/** From now on the end of this operation is told. One that was started elsewhere (another page, the command line) is not. */
export function tellEndOf(operationId: string, what: Started): void {
  started.set(operationId, what)
  const operation = useStore.getState().operations.byId[operationId]
  // A short one may have ended before the answer to the call that started it came.
  if (operation !== undefined && operation.endedAt !== null) noticeEnd(operation)
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
      title,
      message: [presentation.message, presentation.next].filter(Boolean).join(' '),
      actions: [...stepActions({ presentation, onRetry: what.again }), ...edit],
    })
  } else if (operation.status === 'succeeded') {
    noticeSuccess(operation, title)
  } else {
    showNotice({ tone: 'plain', title, actions: edit })
  }
}

function noticeSuccess(operation: Operation, title: string): void {
  const took = Date.parse(operation.endedAt ?? operation.startedAt) - Date.parse(operation.startedAt)
  const name = operation.workspaceName
  const isInSight = parseWorkspaceRoute(location.hash.replace(/^#/, ''))?.name === name
  const isWorthTelling = operation.kind === 'workspace.delete' || (operation.kind === 'workspace.create' && !isInSight)
  if (took < LONG_MS && operation.notices.length === 0 && !isWorthTelling) return
  const canOpen = name !== null && operation.kind !== 'workspace.delete' && !isInSight
  showNotice({
    tone: 'good',
    title,
    message: operation.notices.join(' '),
    actions: canOpen ? [{ label: 'Open', run: () => go(routes.workspace(name)) }] : [],
  })
}
