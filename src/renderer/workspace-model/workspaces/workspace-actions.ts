import type { RepoCredential } from '../../../shared/repo-url'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { go, routes } from '../../routes'
import { openNewWorkspace, type WorkspaceDraft } from '../../store/dialogs'
import { showNotice } from '../../ui/notice'
import { attempt } from '../operations/attempt'
import { notifyWhenDone } from '../operations/operation-notices'
import { presentError } from '../problems/present-problem'
import { stepActions } from '../problems/run-suggested-action'
import { keepDraft } from './kept-drafts'
import { type CreationInput, parseDraft } from './parse-draft'

/** Each of these starts something, returns at once, and tells of it if it cannot be started. What comes of it comes with the events. */

/** Also does again what of an earlier start is missing: the clone of its repository. */
export function startWorkspace({ name }: Workspace): void {
  attempt(() => client.workspaces.start({ name }))
}

/** Gives what its repository asks for, and tries the clone again. */
export function cloneWithCredential({ id, name }: Workspace, credential: RepoCredential): void {
  attempt(async () => {
    await client.workspaces.setRepoCredential({ workspace: id, credential })
    return client.workspaces.start({ name })
  })
}

export function stopWorkspace({ id }: Workspace): void {
  attempt(() => client.workspaces.stop({ workspace: id }))
}

/** Has what is still being waited for killed. */
export function stopWorkspaceNow({ id }: Workspace): void {
  attempt(() => client.workspaces.stop({ workspace: id, now: true }))
}

export function restartWorkspace({ id }: Workspace): void {
  attempt(() => client.workspaces.restart({ workspace: id }))
}

export function rerunInit({ id }: Workspace): void {
  attempt(() => client.workspaces.rerunInit({ workspace: id }))
}

/** With `force` also over what was changed inside. */
export function syncWorkspace({ id }: Workspace, { force } = { force: false }): void {
  attempt(() => client.workspaces.sync({ workspace: id, force }))
}

export function deleteWorkspace({ id }: Workspace, { removeFolder }: { removeFolder: boolean }): void {
  attempt(() => client.workspaces.delete({ workspace: id, removeFolder }))
}

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
      go(routes.workspace(workspace.name))
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
