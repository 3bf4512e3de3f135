import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Engine } from '../../engine/engine'
import type { VolumeSummary } from '../../engine/volumes'
import type { StepContext, UndoContext } from '../../operations/operation-definition'
import type { WorkspaceRecord } from '../../settings/records'
import { LABEL_ID, LABEL_OWNER } from '../../storage/drivers/storage-context'
import { foreign } from './foreign-resource'
import type { LifecycleServices } from './lifecycle-services'
import { ownContainer, removeAllContainersOf } from './own-containers'
import { layerRepository, type ResourceRole, resourceLabels, type VolumeNames, volumeNames } from './workspace-resources'

type Owner = Pick<WorkspaceRecord, 'id' | 'name'>
type OwnershipServices = Pick<LifecycleServices, 'engine' | 'records' | 'installationId'>

/** By its label, or, where another tool has made it, by the record of the workspace that was adopted with it. */
export function isOwnVolume(
  { records, installationId }: Omit<OwnershipServices, 'engine'>,
  volume: VolumeSummary,
  ownerId: string,
): boolean {
  if (volume.labels[LABEL_ID] === ownerId) return true
  return volume.labels[LABEL_OWNER] !== installationId && (records.get(ownerId)?.adoptedVolumes.includes(volume.name) ?? false)
}

/**
 * Creates the volume, unless it exists. Returns whether it was created. Throws FOREIGN_RESOURCE if it belongs to another. An engine that is
 * killed while it creates a volume has its folder but has lost its labels (Docker writes these last): then the volume of this operation is
 * empty, and created again.
 */
export async function ensureVolume(
  services: OwnershipServices & Pick<LifecycleServices, 'storage'>,
  owner: Owner & Pick<WorkspaceRecord, 'storage'>,
  name: string,
  role: ResourceRole,
  context: Pick<StepContext<never>, 'remember' | 'recall'>,
): Promise<boolean> {
  const existing = await services.engine.volumes.inspect(name)
  if (existing && isOwnVolume(services, existing, owner.id)) return false
  if (existing && !isHalfMade(existing, context)) throw foreign('volume', name)
  if (existing) await services.engine.volumes.remove(name)
  await context.remember(absentKey(name), 'true')
  await services.storage(owner.storage).create(name, resourceLabels(owner, role, services.installationId))
  return true
}

/** Before volumes are made: that they are not there, so that what an engine was killed at is known to be this operation's. */
export async function rememberAbsent(
  { engine }: Pick<OwnershipServices, 'engine'>,
  names: string[],
  { remember }: Pick<StepContext<never>, 'remember'>,
): Promise<void> {
  for (const name of names) if ((await engine.volumes.inspect(name)) === null) await remember(absentKey(name), 'true')
}

/** It has no label at all, and was not there when this operation was about to make it. */
function isHalfMade({ name, labels }: VolumeSummary, { recall }: Pick<UndoContext, 'recall'>): boolean {
  return Object.keys(labels).length === 0 && recall(absentKey(name)) !== null
}

const absentKey = (volume: string) => `absent volume ${volume}`

/** Throws FOREIGN_RESOURCE when something that is not the workspace's has one of the names it needs. */
export async function checkNothingForeign(services: OwnershipServices, owner: Owner, volumeNames: string[]): Promise<void> {
  const { engine } = services
  await ownContainer(engine, owner)
  const volumes = await Promise.all(volumeNames.map((name) => engine.volumes.inspect(name)))
  const stranger = volumes.find((volume) => volume && !isOwnVolume(services, volume, owner.id))
  if (stranger) throw foreign('volume', stranger.name)
}

/**
 * Removes the volume of that name with its contents, if it belongs to the workspace. Returns false, without removing it, if it belongs to
 * another.
 */
export async function removeOwnVolume(
  services: OwnershipServices & Pick<LifecycleServices, 'storage'>,
  owner: { id: string; storage: StorageDriverName },
  name: string,
  context?: Pick<UndoContext, 'recall'>,
): Promise<boolean> {
  let volume = await services.engine.volumes.inspect(name)
  if (volume && context && isHalfMade(volume, context)) {
    await services.engine.volumes.remove(name)
    volume = null
  }
  // A driver may still hold data of a volume that the engine does not know any more.
  if (volume !== null && !isOwnVolume(services, volume, owner.id)) return false
  await services.storage(owner.storage).remove(name)
  const adopted = services.records.get(owner.id)?.adoptedVolumes ?? []
  // The name alone says nothing about a volume that somebody makes under it later.
  if (adopted.includes(name)) await services.records.patch(owner.id, { adoptedVolumes: adopted.filter((other) => other !== name) })
  return true
}

/** Takes back the making of a volume for a workspace that is not to be there. The engine may have made a container late, asked by a process that was killed: it would hold the volume. */
export async function takeBackVolume(
  services: OwnershipServices & Pick<LifecycleServices, 'storage' | 'registry'>,
  owner: { id: string; storage: StorageDriverName },
  name: string,
  context: Pick<UndoContext, 'recall'>,
): Promise<void> {
  await removeAllContainersOf(services, owner)
  await removeOwnVolume(services, owner, name, context)
}

/**
 * The first volume names for it that this Berth neither uses nor has promised; promised to it from now on. Foreign volumes are not avoided:
 * they are refused later. For what an operation that is being prepared on the workspace will create.
 */
export async function freeVolumeNames(
  { engine, records, installationId, promisedVolumes }: OwnershipServices & Pick<LifecycleServices, 'promisedVolumes'>,
  { id, name }: Owner,
): Promise<VolumeNames> {
  const labelled = await engine.volumes.list(`${LABEL_OWNER}=${installationId}`)
  const taken = new Set([
    ...labelled.map((volume) => volume.name),
    ...records.list().flatMap(({ adoptedVolumes, volumes }) => [...adoptedVolumes, ...Object.values(volumes)]),
    // Also of those whose volumes others have removed.
    ...records.snapshots.list().flatMap(({ volumes }) => Object.values(volumes)),
    ...promisedVolumes.toOthersThan(id),
  ])
  for (let generation = 1; ; generation++) {
    const names = volumeNames(name, generation)
    if (taken.has(names.home) || taken.has(names.docker)) continue
    // Also those that it has: it gets them back if the operation fails, and they may have been removed from the engine in the meantime.
    const present = records.list().find((record) => record.id === id)?.volumes
    promisedVolumes.promise(id, [names.home, names.docker, ...(present ? Object.values(present) : [])])
    return names
  }
}

/** Removes the images that hold the container's own layer, but for one. */
export async function removeLayers(engine: Engine, owner: Pick<Owner, 'id'>, except?: string): Promise<void> {
  for (const reference of await engine.images.listReferences(layerRepository(owner.id))) {
    if (reference !== except) await engine.images.remove(reference)
  }
}

/**
 * Removes images of the workspace's containers that have lost their name to a newer one, or were sent here and got none before an
 * interruption. Only while the workspace is locked: another image may be about to get its name.
 */
export async function removeUnnamedLayers({ images }: Pick<Engine, 'images'>, { id }: Pick<Owner, 'id'>): Promise<void> {
  for (const image of await images.list({ label: `${LABEL_ID}=${id}` })) {
    if (image.references.length === 0) await images.removeUnnamed(image.id)
  }
}
