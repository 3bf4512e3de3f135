import type { Settings } from '../../../shared/contract/settings'
import { devcontainerChoice, type WorkspaceDevcontainerChoice } from '../../../shared/devcontainer-choice'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { ConnectionLostError } from '../../connection/connection'
import { attempt } from '../operations/attempt'
import { reportError } from '../problems/run-suggested-action'

/** Each returns at once; what comes of it comes with the events, and what Berth refuses is told. */

export function openDevcontainer({ id }: Workspace, path?: string): void {
  attempt(() => client.devcontainers.up({ workspace: id, ...(path === undefined ? {} : { path }) }))
}

export function rebuildDevcontainer({ id }: Workspace): void {
  attempt(() => client.devcontainers.rebuild({ workspace: id }))
}

export function stopDevcontainer({ id }: Workspace): void {
  attempt(() => client.devcontainers.stop({ workspace: id }))
}

export function setDevcontainerChoice({ id }: Pick<Workspace, 'id'>, devcontainer: WorkspaceDevcontainerChoice): void {
  client.workspaces
    .update({ workspace: id, devcontainer })
    .catch((error: unknown) => reportError(error, () => setDevcontainerChoice({ id }, devcontainer)))
}

/** Has Berth look whether the configuration has changed; the answer comes with the events. */
export function lookAtDevcontainer({ id }: Pick<Workspace, 'id'>, signal: AbortSignal): void {
  client.devcontainers.status({ workspace: id }, { signal }).catch((error: unknown) => {
    if (!signal.aborted && !(error instanceof ConnectionLostError)) reportError(error)
  })
}

/** Whether the person is to be asked about the dev container that was found. */
export function isOffered({ devcontainer, devcontainerState }: Workspace, { devcontainers }: Pick<Settings, 'devcontainers'>): boolean {
  return devcontainerState.state === 'found' && devcontainerChoice(devcontainer, devcontainers) === 'ask'
}
