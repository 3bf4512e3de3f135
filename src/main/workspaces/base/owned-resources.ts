import { BerthError } from '../../../shared/errors'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { ContainerDetails } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { VolumeSummary } from '../../engine/volumes'
import type { WorkspaceRecord } from '../../settings/records'
import { LABEL_ID, LABEL_OWNER } from '../../storage/drivers/storage-context'
import type { LifecycleServices } from './lifecycle-services'
import { layerRepository, type ResourceRole, resourceLabels, type VolumeNames, volumeNames } from './workspace-resources'

type Owner = Pick<WorkspaceRecord, 'id' | 'name'>
type OwnershipServices = Pick<LifecycleServices, 'engine' | 'records' | 'installationId'>

/** By its label, or, where another tool has made it, by the record of the workspace that was adopted with it. */
function isOwnVolume({ records, installationId }: Omit<OwnershipServices, 'engine'>, volume: VolumeSummary, ownerId: string): boolean {
  if (volume.labels[LABEL_ID] === ownerId) return true
  return volume.labels[LABEL_OWNER] !== installationId && (records.get(ownerId)?.adoptedVolumes.includes(volume.name) ?? false)
}

/** The container of that name if it is the workspace's own; null if there is none. Throws FOREIGN_RESOURCE if it is another's. */
export async function ownContainer(engine: Engine, owner: Owner, name: string): Promise<ContainerDetails | null> {
  const container = await engine.containers.inspect(name)
  if (container && container.labels[LABEL_ID] !== owner.id) throw foreign('container', name)
  return container
}

/** Makes the volume, unless it is there. Returns whether it was made. Throws FOREIGN_RESOURCE if it is another's. */
export async function ensureVolume(
  services: OwnershipServices & Pick<LifecycleServices, 'storage'>,
  owner: Owner & Pick<WorkspaceRecord, 'storage'>,
  name: string,
  role: ResourceRole,
): Promise<boolean> {
  const existing = await services.engine.volumes.inspect(name)
  if (existing === null) await services.storage(owner.storage).create(name, resourceLabels(owner, role, services.installationId))
  else if (!isOwnVolume(services, existing, owner.id)) throw foreign('volume', name)
  return existing === null
}

/** Throws FOREIGN_RESOURCE when something that is not the workspace's has one of the names it needs. */
export async function checkNothingForeign(
  services: OwnershipServices,
  owner: Owner,
  names: { containers: string[]; volumes: string[] },
): Promise<void> {
  const { engine } = services
  await Promise.all(names.containers.map((name) => ownContainer(engine, owner, name)))
  const volumes = await Promise.all(names.volumes.map((name) => engine.volumes.inspect(name)))
  const stranger = volumes.find((volume) => volume && !isOwnVolume(services, volume, owner.id))
  if (stranger) throw foreign('volume', stranger.name)
}

/** Removes the container of that name if it is the workspace's own; leaves another's alone. */
export async function removeOwnContainer(engine: Engine, owner: Pick<Owner, 'id'>, name: string): Promise<void> {
  const container = await engine.containers.inspect(name)
  if (container?.labels[LABEL_ID] === owner.id) await engine.containers.remove(container.id)
}

/** Removes the volume of that name, and all that is in it, if it is the workspace's own; leaves another's alone. */
export async function removeOwnVolume(
  services: OwnershipServices & Pick<LifecycleServices, 'storage'>,
  owner: { id: string; storage: StorageDriverName },
  name: string,
): Promise<void> {
  const volume = await services.engine.volumes.inspect(name)
  // A driver may still hold data of a volume that the engine does not know any more.
  if (volume !== null && !isOwnVolume(services, volume, owner.id)) return
  await services.storage(owner.storage).remove(name)
  const adopted = services.records.get(owner.id)?.adoptedVolumes ?? []
  // The name alone says nothing about a volume that somebody makes under it later.
  if (adopted.includes(name)) await services.records.patch(owner.id, { adoptedVolumes: adopted.filter((other) => other !== name) })
}

/** The first names for its volumes that nothing of this Berth's has. Somebody else's volumes are not avoided: they are refused later. */
export async function freeVolumeNames({ engine, records, installationId }: OwnershipServices, name: string): Promise<VolumeNames> {
  const labelled = await engine.volumes.list(`${LABEL_OWNER}=${installationId}`)
  const taken = new Set([...labelled.map((volume) => volume.name), ...records.list().flatMap((record) => record.adoptedVolumes)])
  for (let generation = 1; ; generation++) {
    const names = volumeNames(name, generation)
    if (!taken.has(names.home) && !taken.has(names.docker)) return names
  }
}

/** The image with the own layer of a container that is gone, where one was kept; null where it began with its image as it is. */
export async function keptLayer(engine: Engine, owner: Pick<Owner, 'id'>): Promise<string | null> {
  const kept = await engine.images.listReferences(layerRepository(owner.id))
  // One that an export has made is on its way out.
  return kept.find((reference) => !reference.endsWith(':export')) ?? null
}

/** Removes the images that hold the container's own layer, but for one. */
export async function removeLayers(engine: Engine, owner: Pick<Owner, 'id'>, except?: string): Promise<void> {
  for (const reference of await engine.images.listReferences(layerRepository(owner.id))) {
    if (reference !== except) await engine.images.remove(reference)
  }
}

function foreign(resource: 'container' | 'volume', name: string): BerthError {
  return new BerthError('FOREIGN_RESOURCE', `The engine has a ${resource} named ${name} already, and it is not this Berth’s.`, {
    resource,
    name,
    next: `Choose another name, or remove the ${resource} yourself if nobody needs it. Berth leaves it alone.`,
  })
}
