import { BerthError } from '../../../shared/errors'
import { changeLimits, type LimitsPatch } from '../../../shared/limits'
import type { Engine } from '../../engine/engine'
import { log } from '../../log'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'

const TAKE_BACK_TRIES = 3

/**
 * Has the container of the workspace kept to its changed limits of processors, memory and processes, at once also while it runs; one
 * that is made later has them from the record, which `keep` writes. When either fails, the container has its former limits again.
 * Throws what `keep` throws, LIMIT_BELOW_USE, and INPUT_INVALID for more processors than the engine has.
 */
export async function changeRunningLimits(
  { engine, registry, ready }: Pick<LifecycleServices, 'engine' | 'registry' | 'ready'>,
  record: WorkspaceRecord,
  changes: LimitsPatch,
  keep: () => Promise<unknown>,
): Promise<void> {
  const { memoryBytes, cpus, processes } = changes
  if (memoryBytes === undefined && cpus === undefined && processes === undefined) return void (await keep())
  await ready()
  assertCpus(engine, cpus ?? null)
  const container = registry.containerOf(record.id)
  if (!container) return void (await keep())
  if (container.running && memoryBytes != null) await assertAboveUse(engine, record.name, container.containerId, memoryBytes)
  try {
    await engine.containers.limit(container.containerId, changeLimits(record.limits, changes))
    await keep()
  } catch (error) {
    // Also when the engine refused: an answer that was lost says nothing about what was done.
    await takeBack(engine, record, container.containerId)
    throw error
  }
}

async function takeBack(engine: Engine, { name, limits }: WorkspaceRecord, containerId: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await engine.containers.limit(containerId, limits)
    } catch (error) {
      if (tries < TAKE_BACK_TRIES) continue
      log.error({ err: error, workspace: name }, 'the limits of a container could not be set back to those of the record')
      return
    }
  }
}

function assertCpus(engine: Engine, cpus: number | null): void {
  const state = engine.state()
  if (cpus === null || state.status !== 'connected' || cpus <= state.cpus) return
  const message = `The engine has ${state.cpus} processors.`
  throw new BerthError('INPUT_INVALID', `The limit of ${cpus} processors cannot be set: the engine has ${state.cpus}.`, {
    issues: [{ path: 'limits.cpus', message }],
    next: `Give ${state.cpus} or less, or none.`,
  })
}

async function assertAboveUse(engine: Engine, workspace: string, containerId: string, limitBytes: number): Promise<void> {
  const enough = new AbortController()
  for await (const { memoryBytes: usedBytes } of engine.containers.watchCounters(containerId, enough.signal)) {
    enough.abort()
    if (usedBytes < limitBytes) return
    const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
    throw new BerthError(
      'LIMIT_BELOW_USE',
      `${workspace} uses ${megabytes(usedBytes)} of memory, more than the limit of ${megabytes(limitBytes)}.`,
      { workspace, limitBytes, usedBytes, next: 'End something that runs in it, stop it first, or give it more.' },
    )
  }
}
