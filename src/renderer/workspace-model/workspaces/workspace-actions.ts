import type { RepoCredential } from '../../../shared/repo-url'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { attempt } from '../operations/attempt'
import { reportError } from '../problems/run-suggested-action'

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

/** Takes back the stop that is announced because nothing is running. */
export function keepRunning(workspace: Pick<Workspace, 'id'>): void {
  client.workspaces.keepRunning({ workspace: workspace.id }).catch((error: unknown) => reportError(error, () => keepRunning(workspace)))
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
