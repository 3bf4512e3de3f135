import type { ContainerDetails, ContainerSummary } from '../../engine/containers'
import type { ListedImage } from '../../engine/images'
import type { Operations } from '../../operations/operations'
import type { WorkspaceRecord } from '../../settings/records'
import { LABEL_ID, LABEL_OWNER } from '../../storage/drivers/storage-context'
import { keepLayer } from '../base/layer'
import type { LifecycleServices } from '../base/lifecycle-services'
import { newWorkspaceId } from '../base/workspace-id'
import { layerOwner, layerRepository } from '../base/workspace-resources'

type Services = Pick<LifecycleServices, 'engine' | 'installationId' | 'records' | 'registry' | 'settings' | 'now'>

/** Layers of stopped workspaces, kept as images: the container can be removed by others, and is made again from its own. */
export interface KeptLayers {
  /** It may be another engine: data about containers is read again. */
  forget(): void
  /** Workspaces that are stopped, and whose layer is yet to be kept. `layers` are the references that there are. */
  pending(layers: ReadonlySet<string>): Promise<WorkspaceRecord[]>
  /** Takes long where much was installed. What changes meanwhile is not kept. */
  keep(record: WorkspaceRecord, signal: AbortSignal): Promise<void>
  /** Removes earlier ones, except those that a container uses, and the rest of workspaces that were deleted in the meantime. */
  dropFormer(layers: ListedImage[], containers: ContainerSummary[]): Promise<void>
  /** Bytes of the layers that are larger than the setting, by workspace. */
  tooLarge(): Map<string, number>
}

const KEPT_TAG = ':kept-'

export function createKeptLayers(services: Services, operations: Pick<Operations, 'activeOn'>): KeptLayers {
  const { engine, installationId, records, registry, settings, now } = services
  /** By workspace: the run after which its kept layer was seen to be right. */
  const verified = new Map<string, string>()
  const large = new Map<string, { run: string; bytes: number }>()

  const mostBytes = () => settings().keptLayerMegabytes * 1024 ** 2

  /** The stopped container; null while it runs, is gone, or an operation is at work on it. */
  async function stoppedContainer(id: string): Promise<ContainerDetails | null> {
    const container = registry.containerOf(id)
    if (!container || container.running || operations.activeOn(id)) return null
    const details = await engine.containers.inspect(container.containerId)
    return details?.running ? null : details
  }

  const isStill = (id: string, containerId: string) => {
    const container = registry.containerOf(id)
    return container?.containerId === containerId && !container.running && !operations.activeOn(id)
  }

  /** It has stopped after that run, and is there. */
  const isLastRun = (id: string, run: string) => {
    const container = registry.containerOf(id)
    return container !== null && !container.running && run.startsWith(`${container.containerId} `)
  }

  async function isPending(record: WorkspaceRecord, layers: ReadonlySet<string>): Promise<boolean> {
    const { id, keptLayer } = record
    const container = registry.containerOf(id)
    if (!container || container.running || operations.activeOn(id) || mostBytes() === 0) return false
    const isThere = keptLayer !== null && layers.has(keptLayer.reference)
    if (isThere && verified.get(id) === keptLayer.run) return false
    const details = await stoppedContainer(id)
    if (!details) return false
    const run = runOf(details)
    if (isThere && keptLayer.run === run) {
      verified.set(id, run)
      return false
    }
    const tooLarge = large.get(id)
    return tooLarge?.run !== run || tooLarge.bytes <= mostBytes()
  }

  return {
    forget: () => verified.clear(),
    async pending(layers) {
      const found: WorkspaceRecord[] = []
      for (const record of records.list()) if (await isPending(record, layers)) found.push(record)
      return found
    },
    async keep({ id }, signal) {
      const container = await stoppedContainer(id)
      if (!container) return
      const run = runOf(container)
      const bytes = (await engine.diskUsage.containerLayers(`${LABEL_ID}=${id}`, signal)).get(container.id) ?? 0
      large.delete(id)
      if (bytes > mostBytes()) return void large.set(id, { run, bytes })
      if (!isStill(id, container.id)) return
      const reference = `${layerRepository(id)}${KEPT_TAG}${newWorkspaceId()}`
      const at = now().toISOString()
      await keepLayer(engine, container.id, reference)
      // Decided when it is written: an operation may have started it in the meantime.
      await records.patch(id, () => (isStill(id, container.id) ? { keptLayer: { reference, at, run } } : {}))
      if (records.get(id)?.keptLayer?.reference === reference) verified.set(id, run)
      else await engine.images.remove(reference)
    },
    async dropFormer(layers, containers) {
      const inUse = new Set(containers.flatMap(({ image, labels }) => (labels[LABEL_ID] === undefined ? [] : [image])))
      const own = layers.filter(({ labels }) => labels[LABEL_OWNER] === installationId).flatMap(({ references }) => references)
      for (const reference of own.filter((name) => name.includes(KEPT_TAG) && !inUse.has(name))) {
        const id = layerOwner(reference) ?? ''
        const record = records.get(id)
        // Until another is kept, the former is the best there is.
        const isNeeded = record && (record.keptLayer === null || record.keptLayer.reference === reference)
        if (!isNeeded && !operations.activeOn(id)) await engine.images.remove(reference)
      }
    },
    tooLarge: () => new Map([...large].filter(([id, { run }]) => isLastRun(id, run)).map(([id, { bytes }]) => [id, bytes])),
  }
}

/** Tells one run of a container from the next. */
function runOf({ id, startedAt }: Pick<ContainerDetails, 'id' | 'startedAt'>): string {
  return `${id} ${startedAt?.toISOString() ?? 'never'}`
}
