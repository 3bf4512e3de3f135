import { NO_DEVCONTAINER } from '../devcontainer'
import type { Workspace } from '../workspace'
import { initialConfiguration } from '../workspace-configuration/configuration'

/** A workspace as doors see it: stopped and plain, with the given changes. */
export function workspace(fields: Partial<Workspace> = {}): Workspace {
  const name = fields.name ?? 'demo'
  return {
    id: `id-${name}`,
    name,
    ...initialConfiguration,
    kind: 'container',
    engine: fields.host ? null : 'local',
    status: 'stopped',
    statusDetail: null,
    running: fields.status === 'running',
    problem: null,
    operationId: null,
    containerId: null,
    containerName: `workspace-${name}`,
    volumes: { home: `workspace-${name}`, docker: `workspace-${name}-docker` },
    host: null,
    unavailable: {},
    ports: { ssh: null },
    image: 'berth:latest',
    imageOutdated: false,
    repoState: 'none',
    furtherRepoStates: {},
    initState: 'done',
    devcontainerState: NO_DEVCONTAINER,
    nestedEngine: null,
    synced: null,
    libraryTemplate: null,
    templateDrift: [],
    storage: 'plain',
    storageWarning: null,
    idleStopAt: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    lastUsedAt: null,
    ...fields,
  }
}
