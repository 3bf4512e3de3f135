import { BerthError } from '../../../shared/errors'
import type { ContainerDetails, ContainerSummary } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { UndoContext } from '../../operations/operation-definition'
import { LABEL_ID, LABEL_OPERATION, LABEL_ROLE } from '../../storage/drivers/storage-context'
import { foreign } from './foreign-resource'
import type { LifecycleServices } from './lifecycle-services'
import type { WorkspaceInput } from './workspace-input'
import { containerName, isStandInName, standInNames } from './workspace-resources'

type Containers = Pick<Engine, 'containers'>
type Owner = Pick<WorkspaceInput, 'id' | 'name'>

/** All containers of the workspace, by their label: its own, and those that stand in for it while an operation is under way. */
export async function allContainersOf({ containers }: Containers, { id }: Pick<WorkspaceInput, 'id'>): Promise<ContainerSummary[]> {
  const found = await containers.list(`${LABEL_ID}=${id}`)
  return found.filter(({ labels }) => labels[LABEL_ROLE] === 'workspace')
}

/**
 * The workspace's container, by its label, even if it was renamed. null if it has none. Throws FOREIGN_RESOURCE if it has none and a
 * foreign container has its name.
 */
export async function ownContainer(engine: Containers, owner: Owner): Promise<ContainerDetails | null> {
  const own = pickOwn(await allContainersOf(engine, owner), owner)
  if (own) return engine.containers.inspect(own.id)
  const named = await engine.containers.inspect(containerName(owner.name))
  // It may have come between the two questions.
  if (named && named.labels[LABEL_ID] !== owner.id) throw foreign('container', named.name)
  return named
}

/** Its container as the registry knows it. Throws ENGINE_REFUSED when there is none. */
export function containerIdOf({ registry }: Pick<LifecycleServices, 'registry'>, { id, name }: Owner): string {
  const container = registry.containerOf(id)
  if (!container) throw containerGone(containerName(name))
  return container.containerId
}

/** Which of a workspace's containers is its own. */
export function pickOwn(containers: ContainerSummary[], { name }: Pick<WorkspaceInput, 'name'>): ContainerSummary | null {
  const named = containers.find((container) => container.name === containerName(name))
  return named ?? containers.find((container) => !isStandInName(container.name, name)) ?? null
}

/** The container that the operation has made for the workspace; null when it is gone. */
export async function madeContainer(
  engine: Containers,
  { operationId }: Pick<UndoContext, 'operationId'>,
  owner: Owner,
): Promise<ContainerSummary | null> {
  const all = await allContainersOf(engine, owner)
  const made = all.find(({ labels }) => labels[LABEL_OPERATION] === operationId)
  // An operation of Berth 0.1.0 did not label what it made.
  return made ?? all.find(({ name, labels }) => name === standInNames(owner.name).formerReplacement && !(LABEL_OPERATION in labels)) ?? null
}

/** The container that stood in the workspace's place before the operation: by its remembered id, else by label and stand-in name. */
export async function formerContainer(
  engine: Containers,
  { recall }: Pick<UndoContext, 'recall'>,
  owner: Owner,
): Promise<ContainerSummary | null> {
  const all = await allContainersOf(engine, owner)
  const remembered = recall('former')
  if (remembered !== null) return all.find(({ id }) => id === remembered) ?? null
  const { previous, formerPrevious } = standInNames(owner.name)
  return all.find(({ name }) => name === previous || name === formerPrevious) ?? null
}

/**
 * Tells the registry which container belongs to the workspace from now on, and whether it is running: it may have been started while the
 * registry knew another one, or none.
 */
export async function knowContainer(
  { engine, registry }: Pick<LifecycleServices, 'engine' | 'registry'>,
  { id }: Pick<WorkspaceInput, 'id'>,
  containerId: string,
): Promise<void> {
  const before = registry.containerOf(id)
  if (before?.containerId === containerId && before.running) return
  registry.setContainer(id, containerId)
  const known = registry.containerOf(id)
  const details = await engine.containers.inspect(containerId)
  // Later events are newer.
  if (details?.running && registry.containerOf(id) === known) registry.markRunning(id, containerId)
}

/** Removes the container that the operation has made; it being gone is fine. */
export async function removeMadeContainer(engine: Containers, context: Pick<UndoContext, 'operationId'>, owner: Owner) {
  const made = await madeContainer(engine, context, owner)
  if (made) await engine.containers.remove(made.id)
}

/** For a workspace that is not to be there at all: its own containers, whatever they are called. The registry knows of none afterwards. */
export async function removeAllContainersOf(
  { engine, registry }: Pick<LifecycleServices, 'engine' | 'registry'>,
  owner: Pick<WorkspaceInput, 'id'>,
): Promise<void> {
  for (const { id } of await allContainersOf(engine, owner)) await engine.containers.remove(id)
  registry.setContainer(owner.id, null)
}

/** Gives the container that name; nothing if it has it. Throws FOREIGN_RESOURCE when another has it, ENGINE_REFUSED when it is gone. */
export async function renameContainer({ containers }: Containers, id: string, name: string): Promise<void> {
  const taken = await containers.inspect(name)
  if (taken?.id === id) return
  if (taken) throw foreign('container', name)
  if ((await containers.inspect(id)) === null) throw containerGone(name)
  await containers.rename(id, name)
}

/** A container that an operation needs was removed outside Berth in the meantime. */
export function containerGone(name: string): BerthError {
  return new BerthError('ENGINE_REFUSED', `The container ${name} was removed outside Berth.`, {
    engineStatus: 404,
    reason: 'no such container',
    next: 'Its contents cannot be restored. Accept the operation as it is, then start the workspace or restore a snapshot.',
  })
}
