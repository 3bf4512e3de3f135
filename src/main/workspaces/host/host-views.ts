import { isDeepStrictEqual } from 'node:util'
import type { BerthEvent } from '../../../shared/contract/events'
import { NO_DEVCONTAINER } from '../../../shared/devcontainer'
import type { Operation } from '../../../shared/operation'
import { UNAVAILABLE_ON_HOST } from '../../../shared/place-capabilities'
import type { Workspace } from '../../../shared/workspace'
import { shownConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { HostRecord, HostRecords } from '../../settings/records'
import { describe, initOutcome } from '../base/describe-state'

interface HostViewOptions {
  hosts: HostRecords
  activeOperation: (workspaceId: string) => Operation | null
  emit: (event: BerthEvent) => void
  onStopped: (workspaceId: string) => void
}

/** Host workspaces as they are now: records, and which of them run. When Berth begins these are those in which something still runs. */
export interface HostViews {
  list(): Workspace[]
  view(record: HostRecord): Workspace
  isRunning(workspaceId: string): boolean
  markRunning(workspaceId: string): void
  markStopped(workspaceId: string): void
  /** Tells every door how the workspace is now; or that it is gone. */
  publish(workspaceId: string): void
}

export function createHostViews({ hosts, activeOperation, emit, onStopped }: HostViewOptions): HostViews {
  const running = new Set<string>()
  const published = new Map<string, Workspace>()

  function view(record: HostRecord): Workspace {
    const operation = activeOperation(record.id)
    const isRunning = running.has(record.id)
    const init = initOutcome(record, operation)
    const state = { running: isRunning, paused: false, ready: isRunning, unexpectedExit: null }
    const { status, statusDetail } = describe(record, state, operation, init.problem, null)
    return {
      ...{ id: record.id, name: record.name, kind: 'host', engine: null, status, statusDetail, running: isRunning },
      problem: record.problem ?? init.problem,
      operationId: operation?.id ?? null,
      ...{ containerId: null, containerName: null, volumes: null, ports: { ssh: null } },
      host: { folder: record.hostFolder, created: record.created !== null },
      unavailable: UNAVAILABLE_ON_HOST,
      ...shownConfiguration(record),
      ...{ image: null, imageOutdated: false, repoState: record.repoState, furtherRepoStates: {}, initState: init.state },
      ...{
        nestedEngine: null,
        synced: null,
        devcontainerState: NO_DEVCONTAINER,
        libraryTemplate: null,
        templateDrift: [],
        storage: null,
        storageWarning: null,
        idleStopAt: null,
      },
      ...{ createdAt: record.createdAt, startedAt: isRunning ? record.startedAt : null, lastUsedAt: record.lastUsedAt },
    }
  }

  function publish(workspaceId: string): void {
    const record = hosts.get(workspaceId)
    if (!record) {
      running.delete(workspaceId)
      if (published.delete(workspaceId)) emit({ type: 'workspace-removed', workspaceId })
      return
    }
    const workspace = view(record)
    if (isDeepStrictEqual(published.get(workspaceId), workspace)) return
    published.set(workspaceId, workspace)
    emit({ type: 'workspace', workspace })
  }

  return {
    list: () => hosts.list().map(view),
    view,
    isRunning: (workspaceId) => running.has(workspaceId),
    markRunning(workspaceId) {
      running.add(workspaceId)
      publish(workspaceId)
    },
    markStopped(workspaceId) {
      if (running.delete(workspaceId)) onStopped(workspaceId)
      publish(workspaceId)
    },
    publish,
  }
}
