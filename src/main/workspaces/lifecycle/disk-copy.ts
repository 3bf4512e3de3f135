import { z } from 'zod'
import { BerthError } from '../../../shared/errors'
import { type StorageDriverName, storageDriverSchema } from '../../../shared/storage-driver-name'
import type { StepContext, UndoContext } from '../../operations/operation-definition'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import type { CopyOptions } from '../../storage/drivers/storage-driver'
import { keepLayer } from '../base/layer'
import { chooseLayer } from '../base/layer-choice'
import type { LifecycleServices } from '../base/lifecycle-services'
import { rememberAbsent, removeLayers, removeOwnVolume } from '../base/owned-resources'
import { volumeNamesSchema } from '../base/workspace-input'
import { layerOwner, layerRepository, type ResourceRole, resourceLabels, type VolumeNames } from '../base/workspace-resources'
import { applyDiskLimit } from '../usage/disk-limit'
import { assertWhole } from './assert-whole'
import { createEngineTransfer, servicesIn } from './disk-transfer'

/** What is copied: the disk state of a workspace as it is now, or of a snapshot. Part of an operation's journal. */
export const diskSourceSchema = z.object({
  /** Id of the place that it is in; left out where that is the place of the copy. */
  place: z.string().optional(),
  storage: storageDriverSchema,
  volumes: volumeNamesSchema,
  /** The container whose own layer is copied too, and which stands still for a moment while its volumes are; null for a snapshot. */
  container: z.object({ id: z.string(), wasPaused: z.boolean(), wasRunning: z.boolean() }).nullable(),
  /** Image with the layer of a snapshot, or that a workspace without a container would begin with; null when there is a container. */
  image: z.string().nullable(),
})
export type DiskSource = z.infer<typeof diskSourceSchema>

/** Whose the copy is. */
export interface DiskTarget {
  /** The workspace's, on the labels. */
  id: string
  name: string
  /** Whose limits its volumes are held to; null for a snapshot. */
  limits: WorkspaceRecord['limits'] | null
  /** Of the workspace or the snapshot: its layer's image is named by it. */
  layerId: string
  volumes: VolumeNames
  storage: StorageDriverName
  roles: { home: ResourceRole; docker: ResourceRole }
}

/** A snapshot of the workspace of that name. */
export function snapshotTarget(name: string, snapshot: SnapshotRecord): DiskTarget {
  return {
    id: snapshot.workspaceId,
    name,
    limits: null,
    layerId: snapshot.id,
    volumes: snapshot.volumes,
    storage: snapshot.storage,
    roles: { home: 'snapshot-home', docker: 'snapshot-docker' },
  }
}

type SendControl = Pick<StepContext<never>, 'signal' | 'progress' | 'detail'>
type CopyControl = SendControl & Pick<StepContext<never>, 'remember'>

/**
 * The workspace as it is now; if its container is gone, as it was kept. Throws WORKSPACE_INCOMPLETE if it was not kept: an incomplete copy
 * would look complete.
 */
export async function sourceOf(services: LifecycleServices, record: WorkspaceRecord): Promise<DiskSource> {
  const { registry } = services
  const container = registry.containerOf(record.id)
  const { storage, volumes } = record
  if (container) {
    const { containerId: id, running: wasRunning } = container
    const wasPaused = container.paused && (await isPausedByOthers(services, id))
    return { storage, volumes, container: { id, wasPaused, wasRunning }, image: null }
  }
  const layer = await assertWhole(services, record)
  return { storage, volumes, container: null, image: layer.reference }
}

/** The image that a workspace without a container would be made from. */
export async function layerToBeginWith(services: LifecycleServices, record: WorkspaceRecord): Promise<string> {
  const layer = await chooseLayer(services, record)
  if (layer !== null) return layer.reference
  const { reference } = await services.images.ensure(record, { signal: new AbortController().signal, onProgress: () => undefined })
  return reference
}

/** What another copy has paused continues before this one starts; the events arrive late. */
async function isPausedByOthers({ engine, freezer }: LifecycleServices, containerId: string): Promise<boolean> {
  if (freezer.holds(containerId)) return false
  const paused = (await engine.containers.inspect(containerId))?.paused ?? false
  return paused && !freezer.holds(containerId)
}

/**
 * Saves the layer of the source as an image of the target. It is taken while the source runs: installed software changes rarely, and the
 * pause of the source is only for the volumes. `control` is needed if the source may be on another engine.
 */
export async function copyLayer(
  services: LifecycleServices,
  source: DiskSource,
  targetLayer: string,
  control?: SendControl,
): Promise<void> {
  const from = sourceServices(services, source)
  const { engine } = from
  if (source.container) await keepLayer(engine, source.container.id, targetLayer)
  else if (source.image !== null) await engine.images.tag(source.image, targetLayer)
  if (from.id === services.id) return
  if (!control) throw new Error(`the progress of sending ${targetLayer} cannot be shown`)
  await createEngineTransfer(from, services, workIdOf(targetLayer)).image(targetLayer, control)
  await engine.images.remove(targetLayer)
}

/** Takes back the copy of a layer from another engine that was cut off before it had its name here. */
export async function removeUnnamedCopy(services: LifecycleServices, source: DiskSource, targetLayer: string): Promise<void> {
  const from = sourceServices(services, source)
  const sent = from.id === services.id ? null : await from.engine.images.inspect(targetLayer)
  if (sent) await services.engine.images.removeUnnamed(sent.id)
}

/** Where the source is, possibly on another engine than the copy. */
export function sourceServices(services: LifecycleServices, { place }: Pick<DiskSource, 'place'>): LifecycleServices {
  return place === undefined ? services : servicesIn(services, place)
}

/** On the helpers that are at work for a copy. */
const workIdOf = (targetLayer: string) => layerOwner(targetLayer) ?? targetLayer

/** Copies both volumes, of the same moment. */
export async function copyVolumes(
  services: LifecycleServices,
  source: DiskSource,
  target: DiskTarget,
  control: CopyControl,
): Promise<void> {
  const { signal, progress, remember } = control
  await rememberAbsent(services, Object.values(target.volumes), { remember })
  if (sourceServices(services, source).id !== services.id) return sendVolumes(services, source, target, control)
  const { storage, transfer, installationId, freezer } = services
  const container = source.container
  const runs = container && services.registry.isRunning(container.id)
  const copy = (role: 'home' | 'docker') => ({
    from: source.volumes[role],
    to: target.volumes[role],
    labels: resourceLabels(target, target.roles[role], installationId),
  })
  const copies = [copy('home'), copy('docker')]
  const options: CopyOptions = {
    // One that somebody has paused stands still already, and stays so.
    freeze: runs && !container.wasPaused ? (during) => freezer.freeze(container.id, during) : null,
    signal,
    onProgress: ({ doneBytes, totalBytes }) => progress({ done: doneBytes, total: totalBytes, unit: 'bytes' }),
  }
  if (source.storage === target.storage) await storage(source.storage).copy(copies, options)
  else await transfer.copy(copies, target.storage, options)
  if (target.limits) await applyDiskLimit(services, { storage: target.storage, limits: target.limits }, target.volumes)
}

/** From another engine: once while the source runs, and once more with the latest changes while it is stopped. */
async function sendVolumes(services: LifecycleServices, source: DiskSource, target: DiskTarget, control: CopyControl): Promise<void> {
  const from = sourceServices(services, source)
  const transfer = createEngineTransfer(from, services, target.layerId)
  const driver = services.storage(target.storage)
  for (const role of ['home', 'docker'] as const) {
    await driver.create(target.volumes[role], resourceLabels(target, target.roles[role], services.installationId))
  }
  const pair = { from: source.volumes, to: target.volumes }
  const container = source.container
  const stands = container === null || container.wasPaused || !services.registry.isRunning(container.id)
  if (stands) await transfer.volumes(pair, { ...control, final: true })
  else {
    await transfer.volumes(pair, { ...control, final: false })
    await from.freezer.freeze(container.id, () => transfer.volumes(pair, { ...control, final: true }))
  }
  if (target.limits) await applyDiskLimit(services, { storage: target.storage, limits: target.limits }, target.volumes)
}

/** Takes back what the two above may have done, and lets the source go on if it was left standing still. */
export async function undoCopy(services: LifecycleServices, source: DiskSource, target: DiskTarget, context: UndoContext): Promise<void> {
  const from = sourceServices(services, source)
  if (source.container && !source.container.wasPaused) await from.engine.containers.unpause(source.container.id)
  if (from.id !== services.id) {
    await createEngineTransfer(from, services, target.layerId).endHelpers()
    await removeLayers(from.engine, { id: target.layerId })
  }
  const owner = { id: target.id, storage: target.storage }
  await removeOwnVolume(services, owner, target.volumes.home, context)
  await removeOwnVolume(services, owner, target.volumes.docker, context)
  await removeLayers(services.engine, { id: target.layerId })
}

/** Name of the image that holds the copied layer of a target. */
export function layerOf(id: string, tag: 'clone' | 'export' | 'import' | 'adopted'): string {
  return `${layerRepository(id)}:${tag}`
}

/** Somebody has removed the copied layer before anything kept it. */
export function layerGone(workspace: string): BerthError {
  return new BerthError('ENGINE_REFUSED', `The image with the installed software in ${workspace} is gone from the engine.`, {
    engineStatus: 404,
    reason: 'no such image',
    next: 'It was removed outside Berth. Try again.',
  })
}
