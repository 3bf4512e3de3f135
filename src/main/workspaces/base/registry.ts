import type { BerthEvent } from '../../../shared/contract/events'
import { devcontainerState } from '../../../shared/devcontainer'
import { BerthError } from '../../../shared/errors'
import type { Operation } from '../../../shared/operation'
import { assertAvailable, type Capability, UNAVAILABLE_ON_HOST } from '../../../shared/place-capabilities'
import type { Workspace } from '../../../shared/workspace'
import { shownConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { ContainerSummary } from '../../engine/containers'
import type { ContainerEvent } from '../../engine/engine-events'
import type { Records, WorkspaceRecord } from '../../settings/records'
import { LABEL_ID, LABEL_ROLE } from '../../storage/drivers/storage-context'
import { describe, initOutcome, type RunState, whatIsGone } from './describe-state'
import { containerName, isStandInName, recordFromContainer } from './workspace-resources'

/** What the engine says of a workspace's container. */
interface ContainerState extends RunState {
  containerId: string
}

interface RegistryOptions {
  records: Records
  activeOperation: (workspaceId: string) => Operation | null
  /** The name of its image. */
  imageOf: (record: WorkspaceRecord) => string
  /** Whether its container, which has these labels, was created from an image that has changed since. */
  isImageOutdated: (record: WorkspaceRecord, labels: Record<string, string>) => boolean
  /** What is nearly full for it, by the last measurement. */
  storageWarning: (record: WorkspaceRecord) => string | null
  /** When it is to be stopped because nothing goes on in it. */
  idleStopAt: (workspaceId: string) => string | null
  /** The fields in which its template has changed. */
  templateDrift: (record: WorkspaceRecord) => string[]
  /** The user's name for its engine; the id if the engine is no longer in Berth. */
  engineName: (record: WorkspaceRecord) => string
  emit: (event: BerthEvent) => void
  /** A container was started outside Berth: is it ready yet? Calls `markReady`. */
  onStartedOutside: (record: WorkspaceRecord, containerId: string) => void
  onStopped: (workspaceId: string) => void
  /** Its removed volumes; publish the workspace after a change. */
  missingVolumes: (record: WorkspaceRecord) => string[]
}

/** All workspaces as they are now: records and what the engine says, put together. Nothing here asks the engine. */
export interface Registry {
  list(): Workspace[]
  /** By name or id. Throws WORKSPACE_NOT_FOUND, and PLACE_CANNOT for a host workspace: `need` is what it is asked for. */
  find(reference: string, need?: Capability): WorkspaceRecord
  view(record: WorkspaceRecord): Workspace
  containerOf(workspaceId: string): { containerId: string; running: boolean; ready: boolean; paused: boolean } | null
  /** Of a container, including those of its image, as the engine listed it; null if unknown. */
  labelsOf(containerId: string): Record<string, string> | null
  /** Replaces everything known about containers in that place with the engine's list. Lost records are restored from labels. */
  replaceContainers(place: string, containers: ContainerSummary[]): Promise<void>
  /** Events of that place: a workspace that is elsewhere ignores its leftovers, or what is being created for it there. */
  applyEvent(place: string, event: ContainerEvent): void
  /** For Berth's own changes, before the engine's event arrives. */
  setContainer(workspaceId: string, containerId: string | null): void
  /** Does nothing if it is no longer running: the caller may have waited for something else since. */
  markReady(workspaceId: string, containerId: string): void
  /** A container that runs and was not known to: whether it is ready is looked at when the operation that found it ends. */
  markRunning(workspaceId: string, containerId: string): void
  markStopped(workspaceId: string): void
  isRunning(containerId: string): boolean
  /** A container that counted as ready, but may still be starting. */
  markStarting(containerId: string): void
  /** After an operation: a container that runs and was not seen to be ready is looked at. */
  checkReadiness(workspaceId: string): void
  /** Tells every door how the workspace is now; or that it is gone. */
  publish(workspaceId: string): void
}

export function createRegistry(options: RegistryOptions): Registry {
  const { records, activeOperation, emit } = options
  const containers = new Map<string, ContainerState>()
  const published = new Map<string, string>()
  /** By container: with those of its image. */
  const labelsOf = new Map<string, Record<string, string>>()
  /** Places whose engine has listed its containers. Until then a workspace without a container is one that is not known yet. */
  const listedPlaces = new Set<string>()

  function view(record: WorkspaceRecord): Workspace {
    const operation = activeOperation(record.id)
    const container = containers.get(record.id) ?? null
    const gone = listedPlaces.has(record.place) && container === null ? whatIsGone(record, options.missingVolumes(record)) : null
    const init = initOutcome(record, operation)
    const { status, statusDetail } = describe(record, container, operation, init.problem, gone)
    return {
      id: record.id,
      name: record.name,
      kind: 'container',
      engine: options.engineName(record),
      status,
      statusDetail,
      running: status === 'running' || (status === 'error' && container?.ready === true),
      problem: record.problem ?? init.problem,
      operationId: operation?.id ?? null,
      containerId: container?.containerId ?? null,
      containerName: containerName(record.name),
      volumes: record.volumes,
      host: null,
      unavailable: {},
      ports: { ssh: record.sshPort },
      ...shownConfiguration(record),
      image: options.imageOf(record),
      imageOutdated: options.isImageOutdated(record, labelsOf.get(container?.containerId ?? '') ?? {}),
      repoState: record.repoState,
      furtherRepoStates: record.furtherRepoStates,
      initState: init.state,
      devcontainerState: devcontainerState(record.devcontainerState, {
        isReady: container?.running === true && container.ready,
        isBuilding: operation?.kind === 'workspace.devcontainer',
      }),
      nestedEngine: record.nestedEngine,
      synced: shownSync(record),
      libraryTemplate: record.libraryTemplate?.id ?? null,
      templateDrift: options.templateDrift(record),
      storage: record.storage,
      storageWarning: options.storageWarning(record),
      idleStopAt: options.idleStopAt(record.id),
      createdAt: record.createdAt,
      startedAt: container?.running ? record.startedAt : null,
      lastUsedAt: record.lastUsedAt,
    }
  }

  function publish(workspaceId: string): void {
    const record = records.get(workspaceId)
    if (!record) {
      if (published.delete(workspaceId)) emit({ type: 'workspace-removed', workspaceId })
      return
    }
    const workspace = view(record)
    const text = JSON.stringify(workspace)
    if (published.get(workspaceId) === text) return
    published.set(workspaceId, text)
    emit({ type: 'workspace', workspace })
  }

  function update(workspaceId: string, fields: Partial<ContainerState>): void {
    const container = containers.get(workspaceId)
    if (container) containers.set(workspaceId, { ...container, ...fields })
    publish(workspaceId)
  }

  function applyEvent(place: string, { action, containerId, attributes }: ContainerEvent): void {
    const workspaceId = attributes[LABEL_ID]
    const record = workspaceId ? records.get(workspaceId) : null
    if (!workspaceId || record?.place !== place) return
    const known = containers.get(workspaceId)
    if (action === 'create' || action === 'start') labelsOf.set(containerId, attributes)
    if (action === 'destroy') labelsOf.delete(containerId)
    switch (action) {
      case 'create':
        if (attributes.name === containerName(record.name) && !known) containers.set(workspaceId, stopped(containerId))
        return publish(workspaceId)
      case 'start':
        // Already known to run: Berth started it itself, and this event is late.
        if (known?.containerId !== containerId) return
        if (known.running) return publish(workspaceId)
        update(workspaceId, { running: true, paused: false, ready: false, unexpectedExit: null })
        if (!activeOperation(workspaceId)) options.onStartedOutside(record, containerId)
        return
      case 'die': {
        if (known?.containerId !== containerId) return
        const exitCode = Number(attributes.exitCode ?? 0)
        const asked = exitCode === 0 || activeOperation(workspaceId) !== null
        update(workspaceId, { running: false, paused: false, ready: false, unexpectedExit: asked ? null : exitCode })
        return options.onStopped(workspaceId)
      }
      case 'destroy':
        if (known?.containerId !== containerId) return
        containers.delete(workspaceId)
        return publish(workspaceId)
      case 'pause':
        return known?.containerId === containerId ? update(workspaceId, { paused: true }) : undefined
      case 'unpause':
        return known?.containerId === containerId ? update(workspaceId, { paused: false }) : undefined
      case 'rename':
        if (attributes.name === containerName(record.name) && known?.containerId !== containerId)
          containers.set(workspaceId, stopped(containerId))
        return publish(workspaceId)
      case 'oom':
      case 'update':
        return
      default:
        return action satisfies never
    }
  }

  return {
    list: () => records.list().map(view),
    view,
    publish,
    applyEvent,
    find(reference, need = 'container') {
      const record = records.findByName(reference) ?? records.get(reference)
      if (record) return record
      const host = records.hosts.findByName(reference) ?? records.hosts.get(reference)
      if (host) assertAvailable({ name: host.name, unavailable: UNAVAILABLE_ON_HOST }, need)
      throw new BerthError('WORKSPACE_NOT_FOUND', `There is no workspace “${reference}”.`, {
        workspace: reference,
        next: 'Check the name in the list of workspaces.',
      })
    },
    containerOf: (workspaceId) => containers.get(workspaceId) ?? null,
    labelsOf: (containerId) => labelsOf.get(containerId) ?? null,
    async replaceContainers(place, listed) {
      const here = records.list().filter((record) => record.place === place)
      for (const { id } of here) {
        labelsOf.delete(containers.get(id)?.containerId ?? '')
        containers.delete(id)
      }
      listedPlaces.add(place)
      for (const summary of listed) {
        const { [LABEL_ID]: id = '', [LABEL_ROLE]: role } = summary.labels
        if (role !== 'workspace') continue
        const lost = records.get(id) ? null : recordFromContainer(summary)
        if (lost && !records.findByName(lost.name)) await records.put({ ...lost, place })
        const record = records.get(id)
        if (record?.place !== place) continue
        labelsOf.set(summary.id, summary.labels)
        if (isStandInName(summary.name, record.name)) continue
        // A renamed container still belongs to the workspace; of two the one with its name does.
        if (containers.has(record.id) && summary.name !== containerName(record.name)) continue
        const running = summary.state === 'running' || summary.state === 'paused'
        containers.set(record.id, { ...stopped(summary.id), running, paused: summary.state === 'paused', ready: running })
      }
      // Workspaces elsewhere have not changed: with many engines that connect, checking all each time would be too much.
      const isElsewhere = (id: string) => (records.get(id)?.place ?? place) !== place
      const ids = new Set([...published.keys(), ...records.list().map((record) => record.id)])
      for (const id of ids) if (!isElsewhere(id)) publish(id)
    },
    setContainer(workspaceId, containerId) {
      if (containerId === null) containers.delete(workspaceId)
      else if (containers.get(workspaceId)?.containerId !== containerId) containers.set(workspaceId, stopped(containerId))
      publish(workspaceId)
    },
    markStarting(containerId) {
      for (const [workspaceId, container] of containers) {
        const record = records.get(workspaceId)
        if (!record || container.containerId !== containerId || !container.running) continue
        update(workspaceId, { ready: false })
        if (!activeOperation(workspaceId)) options.onStartedOutside(record, containerId)
      }
    },
    checkReadiness(workspaceId) {
      const record = records.get(workspaceId)
      const container = containers.get(workspaceId)
      if (record && container?.running && !container.ready) options.onStartedOutside(record, container.containerId)
    },
    isRunning(containerId) {
      for (const container of containers.values()) if (container.containerId === containerId) return container.running
      return false
    },
    markStopped(workspaceId) {
      update(workspaceId, { running: false, paused: false, ready: false, unexpectedExit: null })
    },
    markRunning(workspaceId, containerId) {
      if (containers.get(workspaceId)?.containerId === containerId) update(workspaceId, { running: true, ready: false })
    },
    markReady(workspaceId, containerId) {
      const container = containers.get(workspaceId)
      if (container?.containerId === containerId && container.running) update(workspaceId, { ready: true })
    },
  }
}

function shownSync({ synced }: WorkspaceRecord): Workspace['synced'] {
  if (synced === undefined) return null
  const { plan: _plan, containerId: _containerId, ...report } = synced
  return report
}

function stopped(containerId: string): ContainerState {
  return { containerId, running: false, paused: false, ready: false, unexpectedExit: null }
}
