import type { EngineState } from '../../shared/contract/engines'
import type { DevcontainerState } from '../../shared/devcontainer'
import type { Operation } from '../../shared/operation'
import type { OperationKind } from '../../shared/operation-kinds'
import type { Snapshot } from '../../shared/snapshot'
import type { SyncReport } from '../../shared/sync-report'
import { engineCapabilities } from '../../shared/testing/engine-capabilities'
import { operation, operationStep } from '../../shared/testing/operation'
import { workspace } from '../../shared/testing/workspace'
import type { Workspace } from '../../shared/workspace'

export const ENGINE: Extract<EngineState, { status: 'connected' }> = {
  status: 'connected',
  endpoint: 'unix:///var/run/docker.sock',
  product: 'docker',
  version: '28.2.2',
  apiVersion: '1.50',
  operatingSystem: 'Debian 12',
  architecture: 'x86_64',
  cpus: 2,
  memoryBytes: 8 * 1024 ** 3,
  capabilities: engineCapabilities(),
}

export function fakeWorkspace(name: string, changes: Partial<Workspace> = {}): Workspace {
  return workspace({ name, status: 'running', containerId: 'c0ffee', ports: { ssh: 2200 }, ...changes })
}

export function fakeSnapshot(name: string, changes: Partial<Snapshot> = {}): Snapshot {
  return {
    id: `id-${name}`,
    workspaceId: 'id-demo',
    name,
    createdAt: '2026-01-01T00:00:00.000Z',
    automatic: false,
    storage: 'plain',
    bytes: null,
    exclusiveBytes: null,
    missing: [],
    ...changes,
  }
}

export function fakeDevcontainer(state: DevcontainerState['state']): DevcontainerState {
  const path = '.devcontainer/devcontainer.json'
  const container = {
    ...{ id: 'a7f684f7a756', name: 'wizardly_nash', user: 'dev', folder: '/workspaces/repo' },
    builtAt: '2026-01-01T00:00:00.000Z',
  }
  return { state, path, paths: [path], changed: false, container: state === 'found' ? null : container, problem: null }
}

export function fakeSyncReport(): SyncReport {
  const one = (name: string) => ({ count: 1, paths: [`/home/workspace/${name}`] })
  return {
    ...{ at: '2026-01-01T00:00:00.000Z', sent: one('.gitconfig'), removed: one('.npmrc'), conflicts: one('.vimrc') },
    ...{ unchanged: 3, problems: [] },
  }
}

export function fakeOperation(kind: OperationKind, workspaceName: string | null, changes: Partial<Operation> = {}): Operation {
  const workspaceId = workspaceName === null ? null : `id-${workspaceName}`
  const steps = [operationStep('Do the work', { name: 'work' })]
  return operation({ id: `${kind}-${workspaceName}`, kind, workspaceId, workspaceName, steps, ...changes })
}
