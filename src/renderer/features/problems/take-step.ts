import { client } from '../../client'
import { go, routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { copyText } from '../../ui/copy-button'
import type { NoticeAction } from '../../ui/notice'
import { showNotice } from '../../ui/notice'
import { type NextStep, type Presentation, presentError } from './present-problem'

interface StepContext {
  presentation: Presentation
  /** What failed, done again; without it there is no Retry button. */
  onRetry?: (() => void) | undefined
}

/** The steps that can be taken here, as buttons. */
export function stepActions({ presentation, onRetry }: StepContext): NoticeAction[] {
  return presentation.actions
    .filter((step) => step.kind !== 'retry' || onRetry !== undefined)
    .map((step) => ({ label: step.label, run: () => takeStep(step, presentation, onRetry) }))
}

function takeStep(step: NextStep, presentation: Presentation, onRetry?: () => void): void {
  switch (step.kind) {
    case 'retry':
      return onRetry?.()
    case 'open-settings':
      return go(`${routes.settings}/${step.section}`)
    case 'reconnect-engine':
      return reconnectEngine()
    case 'show-log':
      return openDialog({ kind: 'log', title: presentation.title, lines: step.lines })
    case 'open-workspace':
      return go(routes.workspace(step.workspace))
    case 'show-operation':
      return go(routes.activity)
    case 'reload':
      return location.reload()
    case 'copy-details':
      return void copyText(presentation.details)
    default:
      return step satisfies never
  }
}

/** The state of the engine comes with the events; here only a call that fails is told. */
export function reconnectEngine(): void {
  client.engine.reconnect().catch((error: unknown) => reportError(error, reconnectEngine))
}

/** Tells of what a call threw, where the screen has no place for it. */
export function reportError(error: unknown, onRetry?: () => void): void {
  const presentation = presentError(error)
  showNotice({
    tone: 'bad',
    title: presentation.title,
    message: [presentation.message, presentation.next].filter(Boolean).join(' '),
    actions: stepActions({ presentation, onRetry }),
    id: `${presentation.title}\n${presentation.message}`,
  })
}
