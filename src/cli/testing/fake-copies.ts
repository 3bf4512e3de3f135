import type { InferContractRouterInputs } from '@orpc/contract'
import type { contract } from '../../shared/contract/contract'
import { BerthError } from '../../shared/errors'
import type { Operation } from '../../shared/operation'
import type { OperationKind } from '../../shared/operation-kinds'
import type { Snapshot } from '../../shared/snapshot'
import type { StorageDriverName } from '../../shared/storage-driver-name'
import type { Workspace } from '../../shared/workspace'
import { pickGiven } from '../../shared/workspace-configuration/configuration'
import { CHANGEABLE_FIELDS } from '../../shared/workspace-configuration/fields'
import { fakeChange } from './fake-configuration'
import { fakeSnapshot, fakeWorkspace } from './fake-records'

interface Surroundings {
  workspaces: Map<string, Workspace>
  calls: string[]
  find(reference: string): Workspace
  /** Begins an operation at whose end `work` is done. */
  begin(kind: OperationKind, workspaceName: string, work: () => void): Operation
}

interface StartedOperation {
  operation: Operation
  workspace: Workspace
}

/** “ where node.role==worker”; nothing without constraints. */
export function given(constraints: readonly string[] | undefined): string {
  return constraints === undefined ? '' : ` where ${constraints.join(' and ')}`
}

/** Clones, snapshots, names and labels, as records only. `snapshots` begins with those of “demo”, newest first. */
export function createFakeCopies({ workspaces, calls, find, begin }: Surroundings) {
  const snapshots = [fakeSnapshot('before-restore-1', { automatic: true }), fakeSnapshot('before-upgrade')]

  const findSnapshot = (workspace: Workspace, reference: string): Snapshot => {
    const found = snapshots.find((snapshot) => snapshot.workspaceId === workspace.id && [snapshot.name, snapshot.id].includes(reference))
    if (found !== undefined) return found
    throw new BerthError('SNAPSHOT_NOT_FOUND', `${workspace.name} has no snapshot “${reference}”.`, {
      workspace: workspace.name,
      snapshot: reference,
      next: 'List them.',
    })
  }
  const copy = (original: Workspace, name: string, start: boolean): StartedOperation => {
    const made = fakeWorkspace(name, { status: 'pending', env: original.env })
    workspaces.set(name, made)
    const status = start ? 'running' : 'stopped'
    return { operation: begin('workspace.clone', name, () => workspaces.set(name, { ...made, status })), workspace: made }
  }

  return {
    clone(input: { workspace: string; name: string; stop: boolean; start: boolean; constraints?: string[] | undefined }): StartedOperation {
      const { workspace, name, stop, start, constraints } = input
      const original = find(workspace)
      calls.push(`clone ${original.name} ${name} stop=${stop} start=${start}${given(constraints)}`)
      return copy(original, name, start)
    },
    rename({ workspace, name }: { workspace: string; name: string }): StartedOperation {
      const before = find(workspace)
      calls.push(`rename ${before.name} ${name}`)
      workspaces.delete(before.name)
      workspaces.set(name, { ...before, name })
      const operation = begin('workspace.rename', before.name, () => undefined)
      return { operation, workspace: find(name) }
    },
    move({ workspace, driver, stop }: { workspace: string; driver: StorageDriverName; stop: boolean }): StartedOperation {
      const before = find(workspace)
      if (before.status === 'running' && !stop) {
        throw new BerthError('WORKSPACE_RUNNING', `${before.name} runs.`, { workspace: before.name, next: 'Stop it first.' })
      }
      calls.push(`move ${before.name} ${driver} stop=${stop}`)
      const operation = begin('workspace.move', before.name, () => workspaces.set(before.name, { ...before, storage: driver }))
      return { operation, workspace: before }
    },
    update(input: InferContractRouterInputs<typeof contract>['workspaces']['update']): Workspace {
      const workspace = find(input.workspace)
      const changed = { ...workspace, ...fakeChange(workspace, pickGiven(input, CHANGEABLE_FIELDS)) }
      workspaces.set(workspace.name, changed)
      return changed
    },
    listSnapshots({ workspace, measure }: { workspace: string; measure: boolean }): Snapshot[] {
      const { id } = find(workspace)
      const sizes = measure ? { bytes: 4.5 * 1024 ** 3, exclusiveBytes: 1.5 * 1024 ** 2 } : {}
      return snapshots.filter(({ workspaceId }) => workspaceId === id).map((snapshot) => ({ ...snapshot, ...sizes }))
    },
    createSnapshot({ workspace, name = 'by-the-time' }: { workspace: string; name?: string | undefined }) {
      const { id, name: workspaceName } = find(workspace)
      const snapshot = fakeSnapshot(name, { workspaceId: id })
      return { operation: begin('snapshot.create', workspaceName, () => snapshots.unshift(snapshot)), snapshot }
    },
    restore({ workspace: reference, snapshot, force }: { workspace: string; snapshot: string; force: boolean }): StartedOperation {
      const workspace = find(reference)
      const { name } = findSnapshot(workspace, snapshot)
      if (workspace.status === 'running' && !force) {
        throw new BerthError('WORKSPACE_RUNNING', `${workspace.name} runs.`, { workspace: workspace.name, next: 'Stop it first.' })
      }
      calls.push(`restore ${workspace.name} ${name}`)
      return { operation: begin('snapshot.restore', workspace.name, () => undefined), workspace }
    },
    restoreAs({
      workspace,
      snapshot,
      name,
      start,
    }: {
      workspace: string
      snapshot: string
      name: string
      start: boolean
    }): StartedOperation {
      const original = find(workspace)
      calls.push(`restore ${original.name} ${findSnapshot(original, snapshot).name} as ${name} start=${start}`)
      return copy(original, name, start)
    },
    deleteSnapshot({ workspace: reference, snapshot: name }: { workspace: string; snapshot: string }): { operation: Operation } {
      const workspace = find(reference)
      const snapshot = findSnapshot(workspace, name)
      calls.push(`delete snapshot ${workspace.name} ${snapshot.name}`)
      return { operation: begin('snapshot.delete', workspace.name, () => snapshots.splice(snapshots.indexOf(snapshot), 1)) }
    },
  }
}
