import { initialConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { WorkspaceRecord } from '../records'

/** The record of a workspace named “one”, with the given changes. */
export function workspaceRecord(fields: Partial<WorkspaceRecord> = {}): WorkspaceRecord {
  return {
    id: 'w1',
    place: 'local',
    name: 'one',
    ...initialConfiguration,
    repoCredential: null,
    repoState: 'none',
    furtherRepoStates: {},
    volumes: { home: 'workspace-one', docker: 'workspace-one-docker' },
    adoptedVolumes: [],
    hostKeys: [],
    nestedEngine: null,
    storage: 'plain',
    keptLayer: null,
    sshPort: 2200,
    problem: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    lastUsedAt: null,
    ...fields,
  }
}
