import type { ClipboardAccess } from '../../../shared/clipboard-access'
import type { CredentialSharing } from '../../../shared/credential-sharing'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { type CloneDraft, openDialog, openNewFromTemplate } from '../../store/dialogs'
import { freeNameFor } from '../../store/free-name'
import { useStore } from '../../store/store'
import { showNotice } from '../../ui/notice'
import { givenPlacement } from '../engine/placement'
import { attempt } from '../operations/attempt'
import { reportError } from '../problems/run-suggested-action'

/** Each returns at once; what comes of it comes with the events, and what Berth refuses is told. */

export function cloneWorkspace({ id }: Workspace, draft: CloneDraft): void {
  const { engine, constraints, ...choice } = draft
  attempt(() => client.workspaces.clone({ workspace: id, ...choice, ...givenPlacement({ engine, constraints }) }), {
    onEdit: () => openDialog({ kind: 'clone-workspace', workspaceId: id, draft }),
  })
}

/** Without a dialog: under the next free name, with what the dialog proposes. */
export function cloneAtOnce(workspace: Workspace): void {
  cloneWorkspace(workspace, { name: freeNameFor(workspace.name), stop: false, start: true })
}

type RebuildChoice = Omit<Parameters<typeof client.workspaces.rebuild>[0], 'workspace'>

export function rebuildWorkspace({ id }: Workspace, choice: RebuildChoice): void {
  attempt(() => client.workspaces.rebuild({ workspace: id, ...choice }), {
    onEdit: () =>
      openDialog({ kind: 'rebuild-workspace', workspaceId: id, ...(choice.image === undefined ? {} : { image: choice.image }) }),
  })
}

export function renameWorkspace({ id }: Workspace, name: string): void {
  attempt(() => client.workspaces.rename({ workspace: id, name }), {
    onEdit: () => openDialog({ kind: 'rename-workspace', workspaceId: id, name }),
  })
}

/** An empty one is none. */
export function setLabel({ id }: Workspace, label: string): void {
  update({ workspace: id, label: label === '' ? null : label })
}

export function setClipboardAccess({ id }: Workspace, clipboard: ClipboardAccess): void {
  update({ workspace: id, clipboard })
}

export function setCredentials({ id }: Workspace, credentials: CredentialSharing): void {
  update({ workspace: id, credentials })
}

/** One that runs is to stop first, so that is asked. */
export function makeTemplate(workspace: Workspace): void {
  if (workspace.running) openDialog({ kind: 'make-template', workspaceId: workspace.id })
  else void markTemplate(workspace)
}

export async function stopAndMakeTemplate(workspace: Workspace): Promise<void> {
  try {
    await client.workspaces.stop({ workspace: workspace.id, wait: true })
  } catch (error) {
    reportError(error, () => void stopAndMakeTemplate(workspace))
    return
  }
  await markTemplate(workspace)
}

export function unsetTemplate({ id }: Workspace): void {
  update({ workspace: id, template: false })
}

async function markTemplate(workspace: Workspace): Promise<void> {
  try {
    await client.workspaces.update({ workspace: workspace.id, template: true })
  } catch (error) {
    reportError(error, () => void markTemplate(workspace))
    return
  }
  const name = useStore.getState().workspaces.byId[workspace.id]?.name ?? workspace.name
  showNotice({
    tone: 'good',
    title: `${name} is a template`,
    message: 'It is listed separately, for you to clone.',
    actions: [
      { label: 'New workspace from it', run: () => openNewFromTemplate(workspace.id) },
      { label: 'Undo', run: () => unsetTemplate(workspace) },
    ],
  })
}

function update(input: Parameters<typeof client.workspaces.update>[0]): void {
  client.workspaces.update(input).catch((error: unknown) => reportError(error, () => update(input)))
}
