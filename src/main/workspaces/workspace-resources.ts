import type { Settings } from '../../shared/contract/settings'
import type { ContainerSpec } from '../engine/containers'
import type { WorkspaceRecord } from '../settings/records'

/** Labels on everything Berth makes on an engine; Perry's for neighbours' sake. */
export const LABEL_ID = 'dev.berth.id'
/** Which Berth it belongs to: `openInstallationId`. */
export const LABEL_OWNER = 'dev.berth.owner'
const LABEL_NAME = 'dev.berth.name'
const LABEL_ROLE = 'dev.berth.role'
const LABEL_SSH_PORT = 'dev.berth.ssh-port'
const LABEL_IMAGE = 'dev.berth.image'
const LABEL_REPO = 'dev.berth.repo'
const LABEL_CREATED = 'dev.berth.created'

export type ResourceRole = 'workspace' | 'home' | 'docker'

export const HOME_PATH = '/home/workspace'
const DOCKER_PATH = '/var/lib/docker'
const SSH_CONTAINER_PORT = 22

/** The entrypoint ends within two; the rest is for a machine under load. */
export const STOP_TIMEOUT_SECONDS = 10

export function containerName(name: string): string {
  return `workspace-${name}`
}

/** Takes the container's place when it must be made anew; then gets its name. */
export function replacementName(name: string): string {
  return `workspace-${name}-replacement`
}

/** Repository of the images that hold the container's own layer after it was made anew; ids are lowercase, as this must be. */
export function layerRepository(id: string): string {
  return `berth-layer/${id}`
}

export function volumeNames(name: string): { home: string; docker: string } {
  return { home: `workspace-${name}`, docker: `workspace-${name}-docker` }
}

export function resourceLabels(record: Pick<WorkspaceRecord, 'id' | 'name'>, role: ResourceRole, owner: string): Record<string, string> {
  return { [LABEL_ID]: record.id, [LABEL_OWNER]: owner, [LABEL_NAME]: record.name, [LABEL_ROLE]: role }
}

/**
 * The one description of a workspace's container: everything that makes one goes through here. Least privilege: what a
 * nested engine was measured to need, and no more.
 */
export function containerSpec(
  record: WorkspaceRecord,
  settings: Pick<Settings, 'sshAddress' | 'env'>,
  made: { name: string; image: string; sshPort: number; owner: string },
): ContainerSpec {
  const volumes = volumeNames(record.name)
  return {
    name: made.name,
    image: made.image,
    hostname: record.name,
    labels: {
      ...resourceLabels(record, 'workspace', made.owner),
      [LABEL_SSH_PORT]: String(made.sshPort),
      [LABEL_IMAGE]: record.image ?? '',
      [LABEL_REPO]: record.repo ?? '',
      [LABEL_CREATED]: record.createdAt,
      'workspace.managed': 'true',
      'workspace.name': record.name,
    },
    environment: { ...settings.env, ...record.env, ...identityVariables(record) },
    volumes: [
      { name: volumes.home, path: HOME_PATH },
      { name: volumes.docker, path: DOCKER_PATH },
    ],
    ports: [{ containerPort: SSH_CONTAINER_PORT, hostAddress: settings.sshAddress, hostPort: made.sshPort }],
    capabilities: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'],
    securityOptions: ['seccomp=unconfined', 'apparmor=unconfined'],
    unmaskedSystemPaths: true,
    extraHosts: ['host.docker.internal:host-gateway'],
    stopTimeout: STOP_TIMEOUT_SECONDS,
  }
}

/** By which what runs inside, the entrypoint first of all, knows which workspace it is in. */
export function identityVariables(record: Pick<WorkspaceRecord, 'id' | 'name'>): Record<string, string> {
  return { BERTH_WORKSPACE_ID: record.id, BERTH_WORKSPACE_NAME: record.name }
}

/** What the labels of a container still tell of a workspace whose record was lost; null when they are not of one. */
export function recordFromLabels(labels: Record<string, string>): WorkspaceRecord | null {
  const id = labels[LABEL_ID]
  const name = labels[LABEL_NAME]
  if (!id || !name || labels[LABEL_ROLE] !== 'workspace') return null
  const port = Number(labels[LABEL_SSH_PORT])
  const repo = labels[LABEL_REPO] || null
  return {
    id,
    name,
    label: null,
    image: labels[LABEL_IMAGE] || null,
    repo,
    repoState: repo ? 'cloned' : 'none',
    env: {},
    sshPort: Number.isInteger(port) && port > 0 ? port : null,
    problem: null,
    createdAt: labels[LABEL_CREATED] ?? new Date(0).toISOString(),
    startedAt: null,
    lastUsedAt: null,
  }
}
