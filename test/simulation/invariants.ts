import { isDeepStrictEqual } from 'node:util'
import type { Core } from '../../src/main/core'
import { hasEnded } from '../../src/shared/operation-state'
import { inContainer } from '../../src/shared/testing/in-container'
import { NAMES } from './actors/scene'
import { hasDevcontainer } from './engine/devcontainer-tools'
import type { SimulatedContainer } from './engine/simulated-container'
import type { SimulatedPlace, SimulatedPlaces } from './engine/simulated-place'
import { subvolumeOf } from './engine/simulated-pool'
import { containerOf } from './engine/workspace-container'
import { HOST_NAMES } from './host/host-names'
import type { RecordedState } from './ledger/ledger'
import { Violation } from './violation'

interface Others {
  /** Nothing went wrong, so that also what is only tried once was done. */
  isFine: boolean
  /** They have given containers other names. */
  rename: boolean
}

/** What holds once all engines are back and nobody does anything any more. Throws a `Violation`. */
export function checkSettled(core: Core, places: SimulatedPlaces, recorded: RecordedState, others: Others): void {
  checkNothingPending(core, recorded)
  checkOwners(core, recorded)
  for (const place of places.list) {
    checkNothingOfElsewhere(core, place, recorded)
    checkNothingLeft(core, place, recordedIn(place, recorded))
    if (places.list.length > 1) checkNothingUnnamed(place, recordedIn(place, recorded), others)
  }
  checkAgreement(core, places, recorded, others)
}

function recordedIn({ id }: SimulatedPlace, { workspaces, snapshots }: RecordedState): RecordedState {
  const isHere = ({ place }: { place: string }) => place === id
  return { workspaces: workspaces.filter(isHere), snapshots: snapshots.filter(isHere) }
}

function checkNothingPending(core: Core, recorded: RecordedState): void {
  for (const { id, state } of core.engines.list())
    if (state.status !== 'connected') throw new Violation('e', `the engine ${id} is ${state.status}`)
  for (const { kind, workspaceName, id } of core.operations.list().filter((operation) => !hasEnded(operation))) {
    throw new Violation('e', `${kind} of ${workspaceName} (${id}) is still under way`)
  }
  for (const { name, status } of core.workspaces.list()) {
    if (!['running', 'stopped', 'error'].includes(status)) throw new Violation('e', `${name} is still ${status}`)
  }
  for (const { name, initState } of core.workspaces.list())
    if (initState === 'running') throw new Violation('e', `the init script of ${name} is said to run`)
  for (const { name, limitsInDoubt } of recorded.workspaces)
    if (limitsInDoubt) throw new Violation('e', `the limits of ${name} are in doubt`)
}

function checkOwners(core: Core, { workspaces, snapshots }: RecordedState): void {
  const listed = core.workspaces.list()
  const forwards = core.forwards.all().flatMap((one) => one.forwards.filter(({ status }) => status === 'open'))
  for (const { name } of listed)
    if (![...NAMES, ...HOST_NAMES].some((one) => one === name)) throw new Violation('b', `nobody asked for a workspace named ${name}`)
  assertUnique(
    'name',
    listed.map(({ name }) => name),
  )
  assertUnique(
    'snapshot',
    snapshots.map(({ workspaceId, name }) => `${name} of ${workspaceId}`),
  )
  assertUnique('port', [...listed.flatMap(({ ports }) => ports.ssh ?? []), ...forwards.map(({ localPort }) => localPort)])
  for (const { name, workspaceId, place } of snapshots) {
    const owner = workspaces.find(({ id }) => id === workspaceId)
    if (owner && owner.place !== place)
      throw new Violation('h', `the snapshot ${name} of ${owner.name} is on ${place}, and it is on ${owner.place}`)
  }
  assertUnique(
    'volume',
    [...workspaces, ...snapshots].flatMap(({ volumes }) => [volumes.home, volumes.docker]),
  )
}

/** A workspace is in its place whole: nothing of it, or of its snapshots, is on another engine. */
function checkNothingOfElsewhere(core: Core, { id: place, engine }: SimulatedPlace, { workspaces, snapshots }: RecordedState): void {
  const accepted = acceptedIds(core)
  const elsewhere = [...workspaces, ...snapshots].filter((one) => one.place !== place && !accepted.has(one.id))
  const ids = new Set(elsewhere.map(({ id }) => id))
  const names = new Set(elsewhere.flatMap(({ volumes }) => [volumes.home, volumes.docker]))
  const isOf = (id: string | undefined) => id !== undefined && ids.has(id)
  const fail = (what: string) => {
    throw new Violation('h', `${what} is on ${place}, and what it belongs to is elsewhere`)
  }
  for (const { name, spec } of engine.containers.values())
    if (isOf(spec.labels['dev.berth.id']) || isOf(spec.labels['dev.berth.keeps'])) fail(`the container ${name}`)
  for (const { name, labels } of engine.volumes.values()) {
    const isOwn = labels['dev.berth.owner'] !== undefined && accepted.size === 0
    if (isOf(labels['dev.berth.id']) || (isOwn && names.has(name))) fail(`the volume ${name}`)
  }
  for (const name of engine.pool.subvolumes.keys()) if (names.has(name)) fail(`the subvolume ${name}`)
  for (const reference of [...engine.images.values()].flatMap(({ references }) => [...references]))
    if (reference.startsWith('berth-layer/') && isOf(reference.split(/[/:]/)[1])) fail(`the layer ${reference}`)
}

/** The records are those of that place. */
function checkNothingLeft(core: Core, { id: place, engine }: SimulatedPlace, { workspaces: records, snapshots }: RecordedState): void {
  const workspaces = core.workspaces.list().filter((workspace) => workspace.kind === 'container' && workspace.engine === place)
  const ids = new Set(workspaces.map(({ id }) => id))
  const kept = new Set([...ids, ...snapshots.map(({ id }) => id)])
  const accepted = acceptedIds(core)
  const ownContainers = [...engine.containers.values()].filter(({ spec }) => spec.labels['dev.berth.owner'] !== undefined)
  for (const { id: containerId, name, spec, helper } of ownContainers) {
    const keeps = spec.labels['dev.berth.keeps']
    if (keeps !== undefined) {
      if (keeps !== spec.labels['dev.berth.owner'] && !kept.has(keeps)) throw new Violation('c', `the keeper ${name} was left`)
      continue
    }
    const id = spec.labels['dev.berth.id'] ?? ''
    if (accepted.has(id)) continue
    if (helper) throw new Violation('c', `the helper container ${name} was left`)
    if (!ids.has(id)) throw new Violation('c', `the container ${name} is nobody’s`)
    if (!workspaces.some((one) => one.containerId === containerId)) throw new Violation('c', `the container ${name} was left`)
  }
  const wanted = new Set([...records, ...snapshots].flatMap(({ volumes }) => [volumes.home, volumes.docker]))
  for (const { name, labels } of engine.volumes.values()) {
    const isPool = labels['dev.berth.role'] === 'pool'
    if (labels['dev.berth.owner'] === undefined || isPool || accepted.has(labels['dev.berth.id'] ?? '')) continue
    if (!wanted.has(name)) throw new Violation('c', `the volume ${name} was left`)
  }
  const mounted = new Set([...engine.volumes.values()].map(({ options }) => subvolumeOf(options)))
  for (const name of engine.pool.subvolumes.keys()) {
    // It does not say whose it is; what was accepted goes when Berth starts again.
    if (!mounted.has(name) && !wanted.has(name) && accepted.size === 0) throw new Violation('c', `the subvolume ${name} was left`)
  }
  for (const reference of [...engine.images.values()].flatMap(({ references }) => [...references])) {
    const owner = reference.startsWith('berth-layer/') ? (reference.split(/[/:]/)[1] ?? '') : null
    // That of a snapshot which was never recorded is not named by its workspace.
    if (owner !== null && !kept.has(owner) && accepted.size === 0) throw new Violation('c', `the image ${reference} was left`)
  }
}

/** Images that were sent and have no name, and networks of an engine on which nothing is any more. */
function checkNothingUnnamed({ id: place, engine }: SimulatedPlace, { workspaces }: RecordedState, { isFine }: Others): void {
  const children = new Set([...engine.images.values()].map(({ parent }) => parent))
  const used = new Set([...engine.containers.values()].map(({ imageId }) => imageId))
  for (const { id, references, labels } of engine.images.values()) {
    if (references.size > 0 || labels['dev.berth.id'] === undefined || used.has(id) || children.has(id)) continue
    throw new Violation('c', `an image of ${labels['dev.berth.name']} without a name was left on ${place}`)
  }
  for (const { name, labels } of engine.networks.values())
    if (labels['dev.berth.owner'] !== undefined && workspaces.length === 0 && isFine)
      throw new Violation('c', `the network ${name} was left on ${place}`)
}

function checkAgreement(core: Core, places: SimulatedPlaces, { workspaces: records }: RecordedState, others: Others): void {
  const accepted = acceptedIds(core)
  for (const workspace of core.workspaces.list()) {
    if (workspace.kind === 'host') continue
    const { name, status, limits, volumes, engine: place } = inContainer(workspace)
    if (accepted.has(workspace.id)) continue
    const { engine } = places.at(place)
    const container = workspace.containerId === null ? null : engine.containers.get(workspace.containerId)
    const runs = container?.state === 'running' || container?.state === 'paused'
    if ((status === 'running') !== runs && status !== 'error') {
      throw new Violation('f', `${name} is said to be ${status}, and its container is ${container?.state ?? 'gone'}`)
    }
    if ((container ?? null) !== containerOf(engine, workspace)) {
      throw new Violation('f', `${name} has another container than Berth says`)
    }
    if (container && container.name !== workspace.containerName && !others.rename) {
      throw new Violation('f', `the container of ${name} is called ${container.name}`)
    }
    const record = records.find(({ id }) => id === workspace.id)
    if (record?.name !== name || JSON.stringify(record.volumes) !== JSON.stringify(volumes)) {
      throw new Violation('f', `${name} is listed otherwise than it is recorded`)
    }
    if (container && JSON.stringify(limitsOf(limits)) !== JSON.stringify(limitsOf(container.spec.limits))) {
      throw new Violation(
        'f',
        `the limits of ${name} are ${JSON.stringify(limits)}, and its container’s ${JSON.stringify(container.spec.limits)}`,
      )
    }
    if (status === 'running' && container?.state === 'running') checkHandedOver(core, name, container)
    if (
      status === 'running' &&
      container?.state === 'running' &&
      ![...container.execs].some(({ command }) => command.endsWith('port-watch'))
    ) {
      throw new Violation('f', `nobody watches the ports of ${name}`)
    }
    const isUp = workspace.devcontainerState.state === 'running'
    if (isUp && status === 'running' && container && !hasDevcontainer(container))
      throw new Violation('f', `the dev container of ${name} is said to run, and does not`)
    const mounts = container?.spec.volumes.map((volume) => volume.name) ?? Object.values(volumes)
    if (mounts.join() !== [volumes.home, volumes.docker].join())
      throw new Violation('f', `the container of ${name} has other volumes: ${mounts}`)
    const poolLimit = engine.pool.limits.get(volumes.home) ?? null
    // Whether or not the engine has its volumes; what is gone from the pool gets it when it is made.
    const isThere = Object.values(volumes).every((volume) => engine.pool.subvolumes.has(volume))
    if (workspace.storage === 'btrfs' && isThere && poolLimit !== limits.diskBytes) {
      throw new Violation('f', `the pool holds ${name} to ${poolLimit} bytes, and its limit is ${limits.diskBytes}`)
    }
  }
}

/** Its logins have the variables as they are set now. */
function checkHandedOver(core: Core, name: string, { handedOver }: SimulatedContainer): void {
  const own = core.workspaces.environment(name, { reveal: true }).variables
  const shared = core.sharedEnvironment({ reveal: true }).variables
  // Of the machine that the simulation runs on.
  const { BERTH_WORKSPACE_ID: _id, TZ: _zone, LANG: _locale, ...found } = handedOver ?? {}
  const expected = { ...shared, ...own, BERTH_WORKSPACE_NAME: name }
  if (!isDeepStrictEqual(found, expected))
    throw new Violation('f', `logins of ${name} have ${JSON.stringify(handedOver)} and not ${JSON.stringify(expected)}`)
}

/** Workspaces of which somebody has accepted what an operation left. */
function acceptedIds(core: Core): Set<string> {
  return new Set(core.operations.list().flatMap(({ accepted, workspaceId }) => (accepted && workspaceId !== null ? [workspaceId] : [])))
}

function limitsOf({ memoryBytes, cpus, processes }: { memoryBytes: number | null; cpus: number | null; processes: number | null }) {
  return { memoryBytes, cpus, processes }
}

function assertUnique(what: string, values: (string | number)[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) throw new Violation('d', `the ${what} ${twice} has two owners`)
}
