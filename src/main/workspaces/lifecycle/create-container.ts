import type { Settings } from '../../../shared/contract/settings'
import type { ContainerSpec } from '../../engine/containers'
import type { VolumeSummary } from '../../engine/volumes'
import type { UndoContext } from '../../operations/operation-definition'
import { poolLines } from '../../provisioning/container-files'
import { nestedPools } from '../../provisioning/nested-pools'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { allContainersOf, ownContainer } from '../base/own-containers'
import { isOwnVolume } from '../base/owned-resources'
import { containerName, containerSpec, imageMayHoldSecrets, layerOwner, replacementName } from '../base/workspace-resources'
import { incomplete } from './assert-whole'

const LOOPBACK = '127.0.0.1'

type CreationContext = Pick<UndoContext, 'operationId' | 'notice'>

/** Creates the workspace's container from that image; does nothing if it exists. */
export async function createContainer(
  services: LifecycleServices,
  record: WorkspaceRecord,
  image: string,
  { operationId: operation, notice }: CreationContext,
): Promise<void> {
  const { engine, registry, network } = services
  const name = containerName(record.name)
  const existing = await ownContainer(engine, record)
  if (record.sshPort === null) throw new Error(`${record.name} has no port although one was reserved`)
  const placed = { name, image, sshPort: record.sshPort, owner: services.installationId, operation }
  const create = async () => {
    const made = { ...placed, network: await network.forNewContainer(notice), ...(await dependingOnImage(services, image)) }
    // The engine fills an empty volume with the image's files: a full disk may show up here first.
    return explained(services, record, () => createOnVolumes(services, record, containerSpec(record, published(services), made)))
  }
  const id = existing?.id ?? (await create())
  registry.setContainer(record.id, id)
}

/** The container that will replace the workspace's own, which is kept. Returns its id. */
export async function createReplacement(
  services: LifecycleServices,
  record: WorkspaceRecord,
  made: { image: string; sshPort: number; entrypoint?: string[] },
  { operationId: operation, notice }: CreationContext,
): Promise<string> {
  const { engine, installationId: owner } = services
  const name = replacementName(record.name)
  // A leftover of an operation that was accepted as it was.
  for (const left of await allContainersOf(engine, record)) if (left.name === name) await engine.containers.remove(left.id)
  const network = await services.network.forNewContainer(notice)
  const placed = { ...made, name, network, owner, operation, ...(await dependingOnImage(services, made.image)) }
  return createOnVolumes(services, record, containerSpec(record, published(services), placed))
}

/** An image as Berth builds it takes the pools of the nested engine as an argument: its first start needs no files. */
async function dependingOnImage(
  { engine, images, settings }: LifecycleServices,
  reference: string,
): Promise<{ hasHeldSecrets: boolean; arguments?: string[] }> {
  // One that is not there is refused by the engine.
  const labels = (await engine.images.inspect(reference))?.labels ?? {}
  const hasHeldSecrets = imageMayHoldSecrets(reference, labels)
  if (layerOwner(reference) !== null || !images.isAsBuilt(labels)) return { hasHeldSecrets }
  return { hasHeldSecrets, arguments: [poolLines(await nestedPools(engine, settings().nestedAddressPools))] }
}

/**
 * Creates the container on the workspace's existing volumes. Throws WORKSPACE_INCOMPLETE if one was removed: the engine silently creates an
 * empty one, which is removed with the container.
 */
async function createOnVolumes(services: LifecycleServices, record: WorkspaceRecord, spec: ContainerSpec): Promise<string> {
  const { engine } = services
  const id = await engine.containers.create(spec)
  const names = Object.values(record.volumes)
  const found = await Promise.all(names.map((name) => engine.volumes.inspect(name)))
  const isStandIn = (volume: VolumeSummary | null) => volume === null || !isOwnVolume(services, volume, record.id)
  if (!found.some(isStandIn)) return id
  const createdAt = (await engine.containers.inspect(id))?.createdAt
  await engine.containers.remove(id)
  for (const volume of found) {
    // The engine reports a volume's age in seconds. An older one belongs to another process that was faster.
    const isNew = volume?.createdAt && createdAt && volume.createdAt.getTime() + 1000 > createdAt.getTime()
    if (volume && isNew && isStandIn(volume) && Object.keys(volume.labels).length === 0) await engine.volumes.remove(volume.name)
  }
  const missing = names.filter((_, index) => isStandIn(found[index] ?? null))
  throw incomplete(
    record.name,
    missing.map((name) => `volume ${name}`),
  )
}

/** The workspace's driver tells which disk is full. */
export async function explained<Result>(
  { freeSpace }: Pick<LifecycleServices, 'freeSpace'>,
  { storage }: Pick<WorkspaceRecord, 'storage'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw await freeSpace.explain(error, storage)
  }
}

/** A port that is forwarded to this machine is not reachable on the engine's machine. */
function published({ engine, settings }: Pick<LifecycleServices, 'engine' | 'settings'>): Pick<Settings, 'sshAddress'> {
  return { sshAddress: engine.isLocal() ? settings().sshAddress : LOOPBACK }
}
