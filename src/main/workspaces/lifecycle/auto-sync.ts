import type { Settings } from '../../../shared/contract/settings'
import { isBerthError } from '../../../shared/errors'
import type { Workspace } from '../../../shared/workspace'
import { log } from '../../log'
import type { WorkspaceRecord } from '../../settings/records'
import { watchFolders } from '../../settings/watch-folders'
import type { WorkspaceServices } from '../base/lifecycle-services'
import { isSynced, syncPlanOf } from './sync'

/** A change is often many: an editor’s, or a checkout’s. */
const QUIET_MS = 500

interface AutoSyncOptions {
  services: WorkspaceServices
  /** Begins a sync. */
  sync(workspaceId: string): Promise<unknown>
}

/** Syncs running workspaces when something changes that they have from this machine. */
export interface AutoSync {
  onWorkspace(workspace: Workspace): void
  onSettings(settings: Settings, before: Settings): void
  onLibrary(): void
  close(): void
}

export function createAutoSync({ services, sync }: AutoSyncOptions): AutoSync {
  const { records, registry } = services
  /** What of a workspace this depends on. */
  const seen = new Map<string, string>()
  /** The plan and container of the last try, so that one that fails is not tried again until something changes. */
  const tried = new Map<string, string>()
  /** Something changed for these that no plan shows. */
  const due = new Set<string>()
  const folders = watchFolders(schedule)
  let timer: NodeJS.Timeout | null = null
  let isClosed = false
  let isLooking = false

  function schedule(): void {
    if (isClosed) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void look(), QUIET_MS)
    timer.unref()
  }

  async function look(): Promise<void> {
    timer = null
    if (isLooking) return schedule()
    isLooking = true
    try {
      const watched = new Map<string, Set<string> | null>()
      for (const record of records.list()) await lookAt(record, watched)
      if (!isClosed) folders.set(watched)
    } catch (error) {
      if (!isBerthError(error)) throw error
      log.warn({ err: error }, 'the files of this machine for workspaces could not be checked')
    } finally {
      isLooking = false
    }
  }

  async function lookAt(record: WorkspaceRecord, watched: Map<string, Set<string> | null>): Promise<void> {
    const container = registry.containerOf(record.id)
    if (!container?.running || !container.ready) return
    const plan = await syncPlanOf(services, record)
    for (const [folder, names] of plan.watched) watched.set(folder, union(watched.get(folder), names))
    const attempt = `${plan.digest} ${container.containerId}`
    const isDue = due.has(record.id)
    const current = records.get(record.id)
    if (isClosed || current === null || registry.view(current).operationId !== null) return
    if (!isDue && (isSynced(current, container.containerId, plan) || tried.get(record.id) === attempt)) return
    tried.set(record.id, attempt)
    due.delete(record.id)
    try {
      await sync(record.id)
    } catch (error) {
      // Something else began on it, or it was stopped: its end is looked at, too.
      if (!isBerthError(error)) throw error
      tried.delete(record.id)
      log.info({ err: error, workspaceId: record.id }, 'a workspace could not be synced')
    }
  }

  return {
    onWorkspace({ id, running, operationId, credentials, syncFiles, syncSshKeys, skills, tools }) {
      const key = JSON.stringify([running, operationId === null, credentials, syncFiles, syncSshKeys, skills, tools])
      if (seen.get(id) === key) return
      seen.set(id, key)
      if (running && operationId === null) schedule()
    },
    onSettings(settings, before) {
      if (settings.authorizedKeys.join('\n') !== before.authorizedKeys.join('\n')) for (const { id } of records.list()) due.add(id)
      schedule()
    },
    onLibrary: schedule,
    close() {
      isClosed = true
      if (timer) clearTimeout(timer)
      folders.close()
    },
  }
}

function union(known: Set<string> | null | undefined, names: ReadonlySet<string> | null): Set<string> | null {
  if (known === null || names === null) return null
  return new Set([...(known ?? []), ...names])
}
