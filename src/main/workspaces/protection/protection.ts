import { setTimeout as sleep } from 'node:timers/promises'
import { Mutex } from 'async-mutex'
import type { Workspace } from '../../../shared/workspace'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import { LABEL_ROLE, ROLE_POOL } from '../../storage/drivers/storage-context'
import { type Inventory, readInventory } from '../base/inventory'
import type { LifecycleServices } from '../base/lifecycle-services'
import { snapshotLayer } from '../base/workspace-resources'
import type { KeeperContainers } from './keeper-containers'
import { planKeepers } from './keeper-plan'
import { createKeptLayers } from './kept-layers'

/** Changes come in groups; an operation that follows at once finds nothing in its way. */
const QUIET_MS = 1500
/** After a failure while the engine is connected; then twice as long each time. */
const FIRST_RETRY_MS = 2000
const LONGEST_RETRY_MS = 60_000
/** Of about five megabytes each. What is beyond shares one, which keeps volumes and no layers. */
const MOST_OWN_KEEPERS = 40

export interface Protection {
  /** What runs is known, of whichever engine there is now. */
  onConnected(): void
  /** Something has changed that may want other keepers: they follow in the background. */
  onChange(): void
  /** A workspace was started or stopped by whomever. */
  onWorkspace(workspace: Pick<Workspace, 'id'>): void
  onWorkspaceRemoved(workspaceId: string): void
  /** As the records and the engine are now. Throws what the engine throws. */
  reconcile(): Promise<void>
  /** Ids of workspaces and snapshots that are not protected, or not wholly: there are too many, or the engine refused. */
  unprotected(): string[]
  /** Begins nothing more, and removes keepers of what was deleted a moment ago. */
  close(): Promise<void>
  /** Bytes of layers of stopped workspaces that are larger than the setting, by workspace. */
  largeLayers(): Map<string, number>
  /** Whether a keeper still has the layer of that snapshot, although the image has lost its name. */
  holdsLayer(snapshotId: string): boolean
  /** Gives images that keepers hold the names again that others have taken from them. Throws what the engine throws. */
  restoreLayers(): Promise<void>
  /** Resolves when what is under way has ended; it does once the engine is closed. */
  settled(): Promise<void>
}

type Services = Pick<LifecycleServices, 'engine' | 'installationId' | 'records' | 'registry' | 'settings' | 'now'> & {
  images: { resolve(reference: null): Promise<{ source: string; imageId: string | null }> }
}

/**
 * Keeps what must survive the engine's clean-up (`docker system prune` and its like, which spare what a running container uses): volumes
 * and layers of snapshots and of stopped workspaces, the pool and the workspace image.
 */
export function createProtection(services: Services, keepers: KeeperContainers, operations: Pick<Operations, 'activeOn'>): Protection {
  const keptLayers = createKeptLayers(services, operations)
  const { engine, records, registry, installationId } = services
  const oneAtATime = new Mutex()
  const closing = new AbortController()
  const lastRunning = new Map<string, boolean>()
  let wanted = false
  let running: Promise<void> | null = null
  let unprotected: string[] = []
  let retryMs = FIRST_RETRY_MS

  async function reconcile(): Promise<void> {
    await oneAtATime.runExclusive(reconcileNow)
  }

  async function reconcileNow(): Promise<void> {
    const found = await restoreLayers()
    const pending = await keptLayers.pending(found.layerReferences)
    await applyPlan(found, new Set(pending.map(({ id }) => id)))
    if (pending.length === 0) return
    for (const record of pending) await keptLayers.keep(record, closing.signal)
    await applyPlan(await inventory(), new Set())
    const { layers, containers } = await inventory()
    await keptLayers.dropFormer(layers, containers)
  }

  async function inventory(): Promise<Inventory> {
    const found = await readInventory(engine, records, installationId)
    keepers.replaceContainers(found.containers)
    // Of a keeper that could not be started, or in the middle of whose start Berth ended.
    for (const volume of found.emptyStandIns) await keepers.removeStandIn(volume)
    return found
  }

  /** By the id of the workspace or the snapshot. */
  const wantedLayers = () =>
    new Map([
      ...records.snapshots.list().map(({ id }) => [id, snapshotLayer(id)] as const),
      ...records.list().flatMap(({ id, keptLayer }) => (keptLayer === null ? [] : [[id, keptLayer.reference] as const])),
    ])

  /** Returns what there is then. */
  async function restoreLayers(): Promise<Inventory> {
    const found = await inventory()
    const unnamed = [...wantedLayers()].filter(([id, reference]) => !found.layerReferences.has(reference) && keepers.holds(id, reference))
    for (const [id, reference] of unnamed) await keepers.nameAgain(id, reference)
    return unnamed.length === 0 ? found : inventory()
  }

  /** What is `pending` is left as it is. */
  async function applyPlan({ volumes, volumeNames, layerReferences }: Inventory, pending: ReadonlySet<string>): Promise<void> {
    const base = await services.images.resolve(null)
    const isChanging = (workspaceId: string) => operations.activeOn(workspaceId) !== null || pending.has(workspaceId)
    const wanted = wantedLayers()
    const isHeld = (id: string) => {
      const reference = wanted.get(id)
      return reference !== undefined && !layerReferences.has(reference) && keepers.holds(id, reference)
    }
    const plan = planKeepers({
      installationId,
      workspaces: records.list(),
      snapshots: records.snapshots.list(),
      isRunning: (workspaceId) => registry.containerOf(workspaceId)?.running ?? false,
      isChanging,
      isHeld,
      volumes: volumeNames,
      layers: layerReferences,
      poolVolume: volumes.find(({ labels }) => labels[LABEL_ROLE] === ROLE_POOL)?.name ?? null,
      baseImage: base.source === 'local' ? base.imageId : null,
      mostOwn: MOST_OWN_KEEPERS,
    })
    const refused = await keepers.apply(plan.keepers, {
      isLeft: (keeps) => isHeld(keeps) || isChanging(records.snapshots.get(keeps)?.workspaceId ?? keeps),
      signal: closing.signal,
    })
    unprotected = [...plan.unkeptLayers, ...refused.map(({ keeps }) => keeps)]
  }

  async function whileWanted(): Promise<void> {
    while (wanted && !closing.signal.aborted) {
      await sleep(QUIET_MS, undefined, { ref: false, signal: closing.signal })
      wanted = false
      await reconcile()
      retryMs = FIRST_RETRY_MS
    }
  }

  function isKnown(keeps: string, volumes: string[]): boolean {
    if (keeps === installationId) return records.list().length > 0 || volumes.length > 0
    return (records.get(keeps) ?? records.snapshots.get(keeps)) !== null
  }

  function onChange(): void {
    wanted = true
    if (running || closing.signal.aborted || engine.state().status !== 'connected') return
    running = whileWanted()
      .catch((error: unknown) => {
        // The next connection begins anew.
        if (closing.signal.aborted || engine.state().status !== 'connected') return
        log.warn({ err: error }, 'volumes and layers could not be protected from an engine clean-up')
        setTimeout(onChange, retryMs).unref()
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
      })
      .finally(() => {
        running = null
        if (wanted) onChange()
      })
  }

  return {
    reconcile,
    unprotected: () => unprotected,
    largeLayers: keptLayers.tooLarge,
    holdsLayer: (snapshotId) => keepers.holds(snapshotId, snapshotLayer(snapshotId)),
    restoreLayers: async () => void (await restoreLayers()),
    onChange,
    onConnected() {
      keptLayers.forget()
      onChange()
    },
    onWorkspace({ id }) {
      const runs = registry.containerOf(id)?.running ?? false
      if (runs === lastRunning.get(id)) return
      lastRunning.set(id, runs)
      if (runs && records.get(id)?.keptLayer) {
        // It may have been started outside Berth: the kept layer is from an earlier state.
        records.patch(id, { keptLayer: null }).catch((error: unknown) => log.error({ err: error }, 'a kept layer could not be removed'))
      }
      onChange()
    },
    onWorkspaceRemoved: (workspaceId) => void lastRunning.delete(workspaceId),
    async close() {
      closing.abort()
      if (engine.state().status === 'connected') await keepers.removeThose(({ keeps, volumes }) => !isKnown(keeps, volumes))
    },
    settled: async () => void (await running),
  }
}
