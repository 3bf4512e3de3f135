import { formatBytes } from '../../../shared/byte-size'
import { BerthError, isBerthError } from '../../../shared/errors'
import { changeLimits, type Limits, type LimitsPatch } from '../../../shared/limits'
import { type ConfigurationChange, changeConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { Engine } from '../../engine/engine'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices, WorkspaceServices } from '../base/lifecycle-services'
import { renewDiskLimit } from '../usage/disk-limit'

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000

/** Changes of limits, which are stored in the record and, for existing resources, on the engine. The two agree in the end. */
export interface LimitChanges {
  /**
   * Has the engine hold the workspace to its changed limits at once, also while it runs, and records them with `others`. When either fails, the
   * engine is set back to what the record has: now, or as soon as it can be. Throws LIMIT_BELOW_USE, and INPUT_INVALID for more
   * processors than the engine has. The caller keeps operations off the workspace.
   */
  change(id: string, changes: LimitsPatch, others: Omit<ConfigurationChange, 'limits'>): Promise<void>
  /** To be called at each connection: settles what a former process or a lost answer has left in doubt. */
  onEngineBack(isThere: (workspaceId: string) => boolean): void
  close(): void
}

type Services = Pick<WorkspaceServices, 'records' | 'registry' | 'secrets'> & {
  at(record: WorkspaceRecord): Pick<LifecycleServices, 'engine' | 'storage' | 'ready'>
}

export function createLimitChanges(services: Services, operations: Pick<Operations, 'whileIdle'>): LimitChanges {
  const { records, registry } = services
  const retries = new Map<string, NodeJS.Timeout>()
  let isClosed = false

  async function apply(record: WorkspaceRecord, limits: Limits, changed: LimitsPatch): Promise<void> {
    const { engine, storage } = services.at(record)
    if (record.storage !== 'plain' && changed.diskBytes !== undefined)
      await renewDiskLimit({ storage }, { ...record, limits }, record.volumes)
    const container = registry.containerOf(record.id)
    if (container && concernsContainer(changed)) await engine.containers.limit(container.containerId, limits)
  }

  /** Sets the engine to what the record has, where that is in doubt. */
  async function settle(id: string): Promise<void> {
    const record = records.get(id)
    if (!record?.limitsInDoubt) return
    await services.at(record).ready()
    await apply(record, record.limits, record.limits)
    await records.patch(id, { limitsInDoubt: undefined })
  }

  function settleLater(id: string, delay = FIRST_RETRY_MS): void {
    if (isClosed) return
    clearTimeout(retries.get(id))
    const again = setTimeout(() => {
      retries.delete(id)
      const next = Math.min(Math.max(delay * 2, FIRST_RETRY_MS), LONGEST_RETRY_MS)
      operations.whileIdle(id, () => settle(id)).catch((error: unknown) => notSettled(id, error, next))
    }, delay)
    again.unref()
    retries.set(id, again)
  }

  function notSettled(id: string, error: unknown, delay: number): void {
    // An operation is under way, which is no failure.
    if (!isBerthError(error, 'WORKSPACE_BUSY')) log.warn({ err: error, workspaceId: id }, 'the limits of a workspace are not final yet')
    settleLater(id, delay)
  }

  return {
    async change(id, changes, others) {
      const given = records.get(id)
      if (!given) return
      const changed = (current: WorkspaceRecord) => changeConfiguration(current, { ...others, limits: changes }, services.secrets)
      const concernsPool = changes.diskBytes !== undefined && given.storage !== 'plain'
      // What the engine has of the others may still be in doubt.
      if (!concernsPool && !concernsContainer(changes)) return records.patch(id, changed)
      const { engine, ready } = services.at(given)
      await ready()
      const record = records.get(id) ?? given
      assertCpus(engine, changes.cpus ?? null)
      const container = registry.containerOf(id)
      if (container && concernsContainer(changes)) assertChangeable(engine)
      if (container?.running && changes.memoryBytes != null) {
        await assertAboveUse(engine, record.name, container.containerId, changes.memoryBytes)
      }
      // From here on a crash leaves in doubt what the engine has.
      await records.patch(id, { limitsInDoubt: true })
      try {
        const limits = changeLimits(record.limits, changes)
        // Of those that an earlier change has left in doubt, none is passed over.
        await apply(record, limits, record.limitsInDoubt ? limits : changes)
        await records.patch(id, (current) => ({ ...changed(current), limitsInDoubt: undefined }))
      } catch (error) {
        // Also when the engine refused: an answer that was lost says nothing about what was done.
        await settle(id).catch((failure: unknown) => notSettled(id, failure, FIRST_RETRY_MS))
        throw error
      }
    },
    onEngineBack(isThere) {
      for (const { id, limitsInDoubt } of records.list()) if (limitsInDoubt && isThere(id)) settleLater(id, 0)
    },
    close() {
      isClosed = true
      for (const retry of retries.values()) clearTimeout(retry)
    },
  }
}

function concernsContainer({ memoryBytes, cpus, processes }: LimitsPatch): boolean {
  return memoryBytes !== undefined || cpus !== undefined || processes !== undefined
}

/** Said beforehand: nothing is in doubt then. */
function assertChangeable(engine: Engine): void {
  const state = engine.state()
  if (state.status !== 'connected' || state.capabilities.changeLimits) return
  const { product, version, capabilities } = state
  const missing = Object.values(capabilities.limits).includes(true) ? 'limits of a container that is there' : 'any limits'
  const reason = `${product} ${version} here cannot change ${missing}`
  throw new BerthError('ENGINE_REFUSED', `The limits were not changed: ${reason}.`, {
    engineStatus: 0,
    reason,
    next: 'Use Podman 4.3 or newer. Without root, its user needs the control groups memory, cpu and pids.',
  })
}

function assertCpus(engine: Engine, cpus: number | null): void {
  const state = engine.state()
  if (cpus === null || state.status !== 'connected' || cpus <= state.cpus) return
  const message = `The engine has only ${state.cpus} processors.`
  throw new BerthError('INPUT_INVALID', `The limit of ${cpus} processors cannot be set: the engine has only ${state.cpus}.`, {
    issues: [{ path: 'limits.cpus', message }],
    next: `Use ${state.cpus} or less, or no limit.`,
  })
}

async function assertAboveUse(engine: Engine, workspace: string, containerId: string, limitBytes: number): Promise<void> {
  const enough = new AbortController()
  for await (const { memoryBytes: usedBytes } of engine.containers.watchCounters(containerId, enough.signal)) {
    enough.abort()
    if (usedBytes < limitBytes) return
    throw new BerthError(
      'LIMIT_BELOW_USE',
      `${workspace} uses ${formatBytes(usedBytes)} of memory, more than the limit of ${formatBytes(limitBytes)}.`,
      { workspace, limitBytes, usedBytes, next: 'End programs in it, stop it first, or set a higher limit.' },
    )
  }
}
