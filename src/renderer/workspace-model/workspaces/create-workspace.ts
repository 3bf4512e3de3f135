import { client } from '../../client'
import { goToNew } from '../../routes'
import { openNewWorkspace, type WorkspaceDraft } from '../../store/dialogs'
import { showNotice } from '../../ui/notice'
import { notifyWhenDone } from '../operations/operation-notices'
import { presentError } from '../problems/present-problem'
import { stepActions } from '../problems/run-suggested-action'
import { keepDraft } from './kept-drafts'
import { type CreationInput, parseDraft } from './parse-draft'

/** The draft has been checked as it was typed; what Berth still refuses is told with a way back to what was typed. */
export function createWorkspace(draft: WorkspaceDraft): void {
  send(draft, client.workspaces.create)
}

/** A creation that failed may have left a workspace that can be used: then that one is started. */
function retryCreation(draft: WorkspaceDraft): void {
  send(draft, client.workspaces.start)
}

function send(draft: WorkspaceDraft, call: (input: CreationInput) => ReturnType<typeof client.workspaces.create>): void {
  const parsed = parseDraft(draft)
  if (!parsed.ok) {
    openNewWorkspace(draft)
    return
  }
  keepDraft(draft)
  call(parsed.input).then(
    ({ operation, workspace }) => {
      notifyWhenDone(operation.id, { again: () => retryCreation(draft), edit: () => openNewWorkspace(draft) })
      goToNew(workspace.name)
    },
    (error: unknown) => reportRefusedDraft(error, draft),
  )
}

function reportRefusedDraft(error: unknown, draft: WorkspaceDraft): void {
  const presentation = presentError(error)
  showNotice({
    tone: 'bad',
    title: `Could not create ${draft.name}`,
    message: [presentation.message, presentation.next].filter(Boolean).join(' '),
    actions: [
      { label: 'Edit', run: () => openNewWorkspace(draft) },
      ...stepActions({ presentation, onRetry: () => createWorkspace(draft) }),
    ],
  })
}
