import { isBerthError } from '../../../shared/errors'
import type { ContainerDetails, ContainerFile } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { UndoContext } from '../../operations/operation-definition'
import { containerFiles, hasProxies, keysFile } from '../../provisioning/container-files'
import { nestedPools } from '../../provisioning/nested-pools'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { layerOwner } from '../base/workspace-resources'

type Notice = UndoContext['notice']

/**
 * Starts a workspace's container on its networks and with the files that this Berth gives it. The only way in which Berth does it. Putting files into
 * a container takes the engine a good part of a start: one that is as its image was built starts without. Returns the keys that are still to be
 * handed over to its ssh server (`HandOvers.forWatch`) then, else null.
 */
export async function startContainer(
  services: LifecycleServices,
  record: WorkspaceRecord,
  containerId: string,
  notice: Notice,
): Promise<string | null> {
  const { engine, network, records } = services
  const { lost, variables } = services.environmentOf(record)
  if (lost.length > 0) notice(lostNotice(record.name, lost))
  const details = await engine.containers.inspect(containerId)
  const needsNone = details !== null && isAsBuilt(services, details) && !hasProxies(variables)
  const look = async () => details && services.handOvers.look(record, details)
  const join = async () => details?.running !== true && (await network.join(record, containerId, notice))
  const putFiles = async () => needsNone || engine.containers.putFiles(containerId, await filesFor(services, record, details))
  // From here on its layer may change.
  const forgetKeptLayer = async () => record.keptLayer !== null && (await records.patch(record.id, { keptLayer: null }))
  // A failure is reported after the other has ended, too: nothing continues behind a failed step.
  for (const begun of await Promise.allSettled([join(), putFiles(), forgetKeptLayer(), look()]))
    if (begun.status === 'rejected') throw begun.reason
  try {
    await engine.containers.start(containerId)
  } catch (error) {
    // A clean-up may have removed its network in between.
    if (!isBerthError(error, 'ENGINE_REFUSED') || !(await join())) throw error
    await engine.containers.start(containerId)
  }
  const { held, unheld } = heldLimits(engine, record)
  if (unheld.length > 0) notice(`It runs without limits for ${unheld.join(', ')}, because this engine does not support them.`)
  if (details !== null && !isLimitedTo(details.limits, held)) await limitAgain(engine, held, containerId, notice)
  return needsNone ? services.authorizedKeys() : null
}

/** The limits that the engine can hold a container to, and what the others are on. Without root, an engine may have no control groups for some. */
function heldLimits(engine: Engine, { limits }: WorkspaceRecord): { held: ContainerDetails['limits']; unheld: string[] } {
  const { memoryBytes, cpus, processes } = limits
  const state = engine.state()
  if (state.status !== 'connected') return { held: { memoryBytes, cpus, processes }, unheld: [] }
  const can = state.capabilities.limits
  return {
    held: { memoryBytes: can.memory ? memoryBytes : null, cpus: can.cpus ? cpus : null, processes: can.processes ? processes : null },
    unheld: [
      ...(memoryBytes === null || can.memory ? [] : ['memory']),
      ...(cpus === null || can.cpus ? [] : ['processors']),
      ...(processes === null || can.processes ? [] : ['processes']),
    ],
  }
}

/** As the engine has it at each start. */
function isLimitedTo(limits: ContainerDetails['limits'], wanted: ContainerDetails['limits']): boolean {
  return limits.memoryBytes === wanted.memoryBytes && limits.cpus === wanted.cpus && limits.processes === wanted.processes
}

/** Podman keeps changed limits until the container ends. An engine that refuses them is no reason to leave the workspace stopped. */
async function limitAgain(engine: Engine, limits: ContainerDetails['limits'], containerId: string, notice: Notice): Promise<void> {
  try {
    await engine.containers.limit(containerId, limits)
  } catch (error) {
    if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
    notice(`Its limits could not be set: ${error.data.reason}.`)
  }
}

/** It was never started, and what it runs for Berth is what this Berth has built into its image. */
function isAsBuilt({ images }: LifecycleServices, { startedAt, running, image, labels }: ContainerDetails): boolean {
  return startedAt === null && !running && layerOwner(image) === null && images.isAsBuilt(labels)
}

/** For an undo: starts again a container that an operation has stopped. Nothing if it is running or gone. */
export async function startAgain(services: LifecycleServices, id: string, container: ContainerDetails | null, notice: Notice) {
  const record = services.records.get(id)
  if (!record || !container || container.running) return
  const keys = await startContainer(services, record, container.id, notice)
  services.registry.setContainer(id, container.id)
  if (keys !== null) await services.engine.containers.putFiles(container.id, [keysFile(keys)])
}

async function filesFor(services: LifecycleServices, record: WorkspaceRecord, details: ContainerDetails | null): Promise<ContainerFile[]> {
  // Not into a running one: it keeps what it started with.
  const runtime = details && !details.running ? await services.runtimeFiles(details.entrypoint) : []
  const environment = services.environmentOf(record).variables
  const [authorizedKeys, pools] = await Promise.all([
    services.authorizedKeys(),
    nestedPools(services.engine, services.settings().nestedAddressPools),
  ])
  return [...containerFiles({ authorizedKeys, environment, nestedPools: pools }), ...runtime]
}

function lostNotice(name: string, lost: string[]): string {
  const set = lost.map((variable) => `--env ${variable}=…`).join(' ')
  return `Values that can no longer be decrypted were left out: ${lost.join(', ')}. Set them again: “berth configure ${name} ${set}”.`
}
