import type { BerthEvent } from '../../../shared/contract/events'
import { hasEnded } from '../../../shared/operation'
import type { ConnectionListener, ContainerEvent } from '../../engine/connection'
import type { ContainerSummary } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import { LABEL_OWNER } from '../../storage/drivers/storage-context'
import type { Storage } from '../../storage/storage'
import type { ForeignWorkspaces } from './foreign-workspaces'
import type { Registry } from './registry'
import { LABEL_MANAGED } from './workspace-resources'

interface EngineSyncOptions {
  engine: Engine
  installationId: string
  storage: Pick<Storage, 'attachPool' | 'sweep'>
  registry: Registry
  foreignWorkspaces: ForeignWorkspaces
  operations: Operations
  emit: (event: BerthEvent) => void
  /** What runs is known, at each connection. */
  onListed: () => void
}

export interface EngineSync extends ConnectionListener {
  /**
   * Resolves once what the engine has is known; waits while a connection is being made. Throws ENGINE_UNREACHABLE when there is
   * none. To be awaited before anything is decided by what runs.
   */
  ready(): Promise<void>
}

/**
 * Keeps the registry in step with the engine: one list at each connection, events from then on. Events that come while the
 * list is under way wait for it, so that none is lost and none is overwritten by an older list.
 */
export function createEngineSync({
  engine,
  installationId,
  storage,
  registry,
  foreignWorkspaces,
  operations,
  emit,
  onListed,
}: EngineSyncOptions): EngineSync {
  let waiting: ContainerEvent[] | null = null
  let swept = false
  let settled = Promise.withResolvers<void>()

  async function listAll(): Promise<void> {
    waiting = []
    try {
      // One request for this Berth's own, helpers included, and for others' workspaces: no label is common to them all.
      const all = await engine.containers.list()
      const listed = all.filter(({ labels }) => labels[LABEL_OWNER] === installationId)
      await registry.replaceContainers(listed)
      // Nothing waits for what is not this Berth's.
      void foreignWorkspaces.replaceContainers(all.filter(({ labels }) => labels[LABEL_MANAGED] === 'true'))
      await prepareStorage(listed)
      await operations.resume()
    } catch (error) {
      // The connection broke again, which brings another list; what is shown stays as it was.
      log.warn({ err: error }, 'the containers could not be listed')
    } finally {
      const events = waiting
      waiting = null
      for (const event of events) apply(event)
      settled.resolve()
      onListed()
    }
  }

  /** A pool that cannot be had must not keep workspaces that are elsewhere from starting. */
  async function prepareStorage(listed: ContainerSummary[]): Promise<void> {
    try {
      await storage.attachPool()
      if (!swept) await storage.sweep(listed)
      swept = true
    } catch (error) {
      log.error({ err: error }, 'the storage pool could not be prepared')
    }
  }

  function apply(event: ContainerEvent): void {
    registry.applyEvent(event)
    foreignWorkspaces.applyEvent(event)
  }

  operations.onChange((operation) => {
    if (operation.workspaceId && hasEnded(operation)) registry.checkReadiness(operation.workspaceId)
  })

  return {
    async ready() {
      await settled.promise
      engine.assertConnected()
    },
    onState(state) {
      emit({ type: 'engine', engine: state })
      if (state.status === 'connected') void listAll()
      else if (state.status === 'unreachable') settled.resolve()
      else settled = Promise.withResolvers()
    },
    onContainerEvent(event) {
      if (waiting) waiting.push(event)
      else apply(event)
    },
  }
}
