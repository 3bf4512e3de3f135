import type { z } from 'zod'
import type { Settings } from '../../../shared/contract/settings'
import { isLocalRepo, splitRepoUrl } from '../../../shared/repo-url'
import { SSH_CONTAINER_PORT } from '../../../shared/ssh-host'
import { initialConfiguration } from '../../../shared/workspace-configuration/configuration'
import { FIELD_SCHEMAS } from '../../../shared/workspace-configuration/field-schemas'
import { LABELLED_FIELDS, type LabelledField } from '../../../shared/workspace-configuration/fields'
import type { ContainerSpec } from '../../engine/containers'
import { log } from '../../log'
import { LOCAL_PLACE, type WorkspaceRecord, workspaceRecordSchema } from '../../settings/records'
import { LABEL_ID, LABEL_OPERATION, LABEL_OWNER, LABEL_ROLE } from '../../storage/drivers/storage-context'
import { identityVariables } from './environment'

/** More labels on what Berth makes on an engine; those of volumes too are in `storage-context.ts`. */
export const LABEL_NAME = 'dev.berth.name'
const LABEL_SSH_PORT = 'dev.berth.ssh-port'
const LABEL_CREATED = 'dev.berth.created'
export const LABEL_HOME_VOLUME = 'dev.berth.home-volume'
const LABEL_DOCKER_VOLUME = 'dev.berth.docker-volume'
const LABEL_STORAGE = 'dev.berth.storage'
/** On Berth's own images, with this value; images committed from a container have another. */
export const LABEL_BERTH_IMAGE = 'dev.berth.image=workspace'
/** Those of its volumes that another tool made, with commas between: their own labels do not say whose they are. */
const LABEL_ADOPTED_VOLUMES = 'dev.berth.adopted-volumes'
/** On containers, and the images that are made of them: neither variables nor files with secrets have ever been put into them. */
const LABEL_SECRETS = 'dev.berth.secrets'
const NEVER_HELD = 'never'
/** On the container of every workspace, of Perry's too: by these each tool sees the other's. */
export const LABEL_MANAGED = 'workspace.managed'
export const LABEL_MANAGED_NAME = 'workspace.name'
/** On helper containers: the export or import they work for. */
export const LABEL_WORK_FOR = 'dev.berth.work-for'

const fieldLabel = (name: LabelledField) => `dev.berth.${name}`

export type ResourceRole = 'workspace' | 'home' | 'docker' | 'snapshot-home' | 'snapshot-docker'

export const HOME_PATH = '/home/workspace'
export const DOCKER_PATH = '/var/lib/docker'

/** Longest that the entrypoint waits for a nested container with a stop timeout of its own: `longest_grace` there. */
const LONGEST_NESTED_STOP_SECONDS = 120
/**
 * Between TERM and KILL. The entrypoint ends as soon as what is inside has; it gives nested containers their own stop timeouts, or 10
 * seconds. The rest is for the nested engine, and for a machine under load.
 */
export const STOP_TIMEOUT_SECONDS = LONGEST_NESTED_STOP_SECONDS + 15
/** The same when somebody is in a hurry. */
export const HURRIED_STOP_SECONDS = 2

export const CONTAINER_PREFIX = 'workspace-'

export function containerName(name: string): string {
  return `${CONTAINER_PREFIX}${name}`
}

/** Takes the container's place when it must be recreated; then gets its name. With a dot, so that no workspace's container has it. */
export function replacementName(name: string): string {
  return `workspace-${name}.replacement`
}

/** The former container while a restore is under way. */
export function previousName(name: string): string {
  return `workspace-${name}.previous`
}

/** Names of containers that stand in for a workspace's own. Those of Berth 0.1.0 may be names of other workspaces': look at labels too. */
export function standInNames(name: string) {
  return {
    replacement: replacementName(name),
    previous: previousName(name),
    formerReplacement: `workspace-${name}-replacement`,
    formerPrevious: `workspace-${name}-previous`,
  }
}

/** For a container that is known by its label to be the workspace's. */
export function isStandInName(ownName: string, name: string): boolean {
  return Object.values(standInNames(name)).includes(ownName)
}

const SNAPSHOT_PREFIX = 'berth-snapshot-'
const LAYER_PREFIX = 'berth-layer/'

/** Repository of the images that hold the own layer of a container that was copied or made anew; ids are lowercase, as this must be. */
export function layerRepository(id: string): string {
  return `${LAYER_PREFIX}${id}`
}

/** Image with the layer of a snapshot. */
export function snapshotLayer(snapshotId: string): string {
  return `${layerRepository(snapshotId)}:snapshot`
}

/** All such repositories, for the engine's filter. */
export const LAYER_REPOSITORIES = `${LAYER_PREFIX}*`

/** Whose layer an image of that reference holds: the id of a workspace or a snapshot; null for any other image. */
export function layerOwner(reference: string): string | null {
  const [repository = ''] = reference.split(':')
  return repository.startsWith(LAYER_PREFIX) ? repository.slice(LAYER_PREFIX.length) : null
}

export interface VolumeNames {
  home: string
  docker: string
}

/**
 * Names of a workspace's volumes. The plain ones, or, where a workspace that was renamed or restored still has these, with a
 * number behind a dot: no workspace can have such a name.
 */
export function volumeNames(name: string, generation = 1): VolumeNames {
  // The number comes before “docker”: a workspace named NAME-docker has a home volume with it behind.
  const base = `workspace-${name}${generation === 1 ? '' : `.${generation}`}`
  return { home: base, docker: `${base}-docker` }
}

export function snapshotVolumeNames(snapshotId: string): VolumeNames {
  return { home: `${SNAPSHOT_PREFIX}${snapshotId}-home`, docker: `${SNAPSHOT_PREFIX}${snapshotId}-docker` }
}

/** The id of the snapshot that a volume of that name was made for; null for any other name. */
export function snapshotOfVolume(name: string): string | null {
  const [id = ''] = name.slice(SNAPSHOT_PREFIX.length).split('-')
  const { home, docker } = snapshotVolumeNames(id)
  return name === home || name === docker ? id : null
}

export function resourceLabels(record: Pick<WorkspaceRecord, 'id' | 'name'>, role: ResourceRole, owner: string): Record<string, string> {
  return { [LABEL_ID]: record.id, [LABEL_OWNER]: owner, [LABEL_NAME]: record.name, [LABEL_ROLE]: role }
}

/** Of a container that works for Berth for a while. It has no id of a workspace: it is not the workspace's own. */
export function helperLabels(owner: string, workId: string): Record<string, string> {
  return { [LABEL_OWNER]: owner, [LABEL_ROLE]: 'helper', [LABEL_WORK_FOR]: workId }
}

/**
 * The one description of a workspace's container: everything that makes one goes through here. Least privilege: what a
 * nested engine was measured to need, and no more.
 */
export function containerSpec(
  record: WorkspaceRecord,
  settings: Pick<Settings, 'sshAddress'>,
  made: {
    name: string
    image: string
    sshPort: number
    /** Its image may come from a container that did. */
    hasHeldSecrets: boolean
    network: string | null
    owner: string
    operation: string
    entrypoint?: string[]
    /** Of the entrypoint. */
    arguments?: string[]
  },
): ContainerSpec {
  return {
    name: made.name,
    image: made.image,
    hostname: record.name,
    labels: {
      ...resourceLabels(record, 'workspace', made.owner),
      [LABEL_OPERATION]: made.operation,
      [LABEL_SSH_PORT]: String(made.sshPort),
      ...Object.fromEntries(LABELLED_FIELDS.map((name) => [fieldLabel(name), record[name] ?? ''])),
      [LABEL_CREATED]: record.createdAt,
      [LABEL_HOME_VOLUME]: record.volumes.home,
      [LABEL_DOCKER_VOLUME]: record.volumes.docker,
      [LABEL_STORAGE]: record.storage,
      ...(record.adoptedVolumes.length === 0 ? {} : { [LABEL_ADOPTED_VOLUMES]: record.adoptedVolumes.join(',') }),
      ...(made.hasHeldSecrets ? {} : { [LABEL_SECRETS]: NEVER_HELD }),
      [LABEL_MANAGED]: 'true',
      [LABEL_MANAGED_NAME]: record.name,
    },
    // Secrets are passed at each start: everyone who can use the engine can read this.
    environment: identityVariables(record),
    volumes: [
      { name: record.volumes.home, path: HOME_PATH },
      { name: record.volumes.docker, path: DOCKER_PATH },
    ],
    ports: [{ containerPort: SSH_CONTAINER_PORT, hostAddress: settings.sshAddress, hostPort: made.sshPort }],
    network: made.network ?? undefined,
    capabilities: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'],
    securityOptions: ['seccomp=unconfined', 'apparmor=unconfined'],
    unmaskedSystemPaths: true,
    extraHosts: ['host.docker.internal:host-gateway'],
    limits: record.limits,
    stopTimeout: STOP_TIMEOUT_SECONDS,
    entrypoint: made.entrypoint,
    arguments: made.arguments,
  }
}

/** Of a container, or an image: older Berths put variables into the configuration of containers, and files with secrets into their layers. */
export function hasNeverHeldSecrets({ labels }: { labels: Record<string, string> }): boolean {
  return labels[LABEL_SECRETS] === NEVER_HELD
}

/** Of an image, with these labels, for a container. */
export function imageMayHoldSecrets(reference: string, labels: Record<string, string>): boolean {
  const isOfContainer = layerOwner(reference) !== null || labels[LABEL_ROLE] !== undefined
  return isOfContainer && !hasNeverHeldSecrets({ labels })
}

/** null for a label that is not there, or holds what no record can hold: whoever can use the engine can write labels. */
function validLabel<Value>(labels: Record<string, string>, label: string, parse: (text: string) => Value | undefined): Value | null {
  const text = labels[label]
  if (!text) return null
  const value = parse(text)
  if (value === undefined) log.warn({ label, id: labels[LABEL_ID] }, 'a label of a container has an invalid value')
  return value ?? null
}

/** By its label; null when that says no port. */
export function sshPortOf({ labels }: { labels: Record<string, string> }): number | null {
  return validLabel(labels, LABEL_SSH_PORT, (text) => workspaceRecordSchema.shape.sshPort.safeParse(Number(text)).data)
}

/** The fields of the configuration that a container's labels hold. */
function labelledFields(labels: Record<string, string>): Pick<WorkspaceRecord, LabelledField> {
  const labelled = (name: LabelledField) => {
    const { schema }: { schema: z.ZodType<string | null> } = FIELD_SCHEMAS[name]
    return validLabel(labels, fieldLabel(name), (text) => schema.safeParse(text).data)
  }
  return Object.fromEntries(LABELLED_FIELDS.map((name) => [name, labelled(name)])) as Pick<WorkspaceRecord, LabelledField>
}

/**
 * What a container still tells of a workspace whose record was lost; null when it is not the container of one. A label that holds what no
 * record can hold counts as missing. Its own name
 * tells the workspace's: labels stay as they were when it is renamed.
 */
export function recordFromContainer({ name: ownName, labels }: { name: string; labels: Record<string, string> }): WorkspaceRecord | null {
  const id = labels[LABEL_ID]
  if (!id || labels[LABEL_ROLE] !== 'workspace' || !ownName.startsWith(CONTAINER_PREFIX)) return null
  const name = ownName.slice(CONTAINER_PREFIX.length)
  // A stand-in: no workspace has a dot in its name.
  if (name.includes('.')) return null
  const plain = volumeNames(name)
  const labelled = labelledFields(labels)
  // Containers of older Berths may have a credential in it, which the repository inside also has. A label is not a reason to copy a folder
  // of this machine.
  const { repo } = labelled
  return {
    id,
    place: LOCAL_PLACE,
    name,
    ...initialConfiguration,
    ...labelled,
    repo: repo === null || isLocalRepo(repo) ? null : splitRepoUrl(repo).url,
    repoCredential: null,
    repoState: repo ? 'cloned' : 'none',
    furtherRepoStates: {},
    volumes: { home: labels[LABEL_HOME_VOLUME] ?? plain.home, docker: labels[LABEL_DOCKER_VOLUME] ?? plain.docker },
    adoptedVolumes: labels[LABEL_ADOPTED_VOLUMES]?.split(',') ?? [],
    hostKeys: [],
    nestedEngine: null,
    storage: labels[LABEL_STORAGE] === 'btrfs' ? 'btrfs' : 'plain',
    keptLayer: null,
    sshPort: sshPortOf({ labels }),
    problem: null,
    createdAt:
      validLabel(labels, LABEL_CREATED, (text) => workspaceRecordSchema.shape.createdAt.safeParse(text).data) ?? new Date(0).toISOString(),
    startedAt: null,
    lastUsedAt: null,
  }
}
