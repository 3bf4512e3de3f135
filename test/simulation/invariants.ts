import type { Core } from '../../src/main/core'
import { hasEnded } from '../../src/shared/operation'
import type { EngineState } from './engine/engine-state'
import { type RecordedSnapshot, Violation } from './ledger'

interface Seen {
  /** Workspaces by id, as a client knows them that only listened. */
  seen: Map<string, unknown>
  /** Containers of others that were there when the faults ended. */
  foreigners: string[]
  snapshots: RecordedSnapshot[]
}

/** What holds once the engine is back and nobody does anything any more. Throws a `Violation`. */
export function checkSettled(core: Core, engine: EngineState, { seen, foreigners, snapshots }: Seen): void {
  const workspaces = core.workspaces.list()
  if (core.engine.state().status !== 'connected') throw new Violation('e', `the engine is ${core.engine.state().status}`)
  for (const { kind, workspaceName, id } of core.operations.list().filter((operation) => !hasEnded(operation))) {
    throw new Violation('e', `${kind} of ${workspaceName} (${id}) is still under way`)
  }
  for (const { name, status } of workspaces) {
    if (!['running', 'stopped', 'error'].includes(status)) throw new Violation('e', `${name} is still ${status}`)
  }

  assertUnique(
    'name',
    workspaces.map(({ name }) => name),
  )
  assertUnique(
    'port',
    workspaces.flatMap(({ ports }) => ports.ssh ?? []),
  )
  assertUnique(
    'volume',
    [...workspaces, ...snapshots].flatMap(({ volumes }) => [volumes.home, volumes.docker]),
  )

  for (const id of foreigners) if (!engine.containers.has(id)) throw new Violation('c', 'a container of another is gone')
  const ids = new Set(workspaces.map(({ id }) => id))
  const ownContainers = [...engine.containers.values()].filter(({ spec }) => spec.labels['dev.berth.owner'] !== undefined)
  const kept = new Set([...ids, ...snapshots.map(({ id }) => id)])
  for (const { name, spec, helper } of ownContainers) {
    const keeps = spec.labels['dev.berth.keeps']
    if (keeps !== undefined) {
      if (keeps !== spec.labels['dev.berth.owner'] && !kept.has(keeps)) throw new Violation('c', `the keeper ${name} was left`)
      continue
    }
    const id = spec.labels['dev.berth.id'] ?? ''
    if (helper) throw new Violation('c', `the helper container ${name} was left`)
    if (!ids.has(id)) throw new Violation('c', `the container ${name} is nobody’s`)
    if (!workspaces.some((one) => one.id === id && one.containerName === name)) throw new Violation('c', `the container ${name} was left`)
  }
  const wanted = new Set([...workspaces, ...snapshots].flatMap(({ volumes }) => [volumes.home, volumes.docker]))
  for (const { name, labels } of engine.volumes.values()) {
    if (labels['dev.berth.owner'] !== undefined && !wanted.has(name)) throw new Violation('c', `the volume ${name} was left`)
  }
  const layerOwners = new Set([...ids, ...snapshots.map(({ id }) => id)])
  for (const reference of [...engine.images.values()].flatMap(({ references }) => [...references])) {
    const owner = reference.startsWith('berth-layer/') ? (reference.split(/[/:]/)[1] ?? '') : null
    if (owner !== null && !layerOwners.has(owner)) throw new Violation('c', `the image ${reference} was left`)
  }

  for (const workspace of workspaces) {
    const container = workspace.containerId === null ? null : engine.containers.get(workspace.containerId)
    const runs = container?.state === 'running' || container?.state === 'paused'
    if ((workspace.status === 'running') !== runs && workspace.status !== 'error') {
      throw new Violation('f', `${workspace.name} is said to be ${workspace.status}, and its container is ${container?.state ?? 'gone'}`)
    }
    const told = (seen.get(workspace.id) ?? {}) as Record<string, unknown>
    const other = Object.entries(workspace).find(([key, value]) => JSON.stringify(told[key]) !== JSON.stringify(value))
    if (other) {
      const [key, value] = other
      throw new Violation(
        'f',
        `${workspace.name} was told to have ${key} ${JSON.stringify(told[key])}, and is listed with ${JSON.stringify(value)}`,
      )
    }
    const { memoryBytes, cpus, processes } = workspace.limits
    if (container && JSON.stringify({ memoryBytes, cpus, processes }) !== JSON.stringify(limitsOf(container.spec.limits))) {
      throw new Violation(
        'f',
        `the limits of ${workspace.name} are ${JSON.stringify(workspace.limits)}, and its container’s ${JSON.stringify(container.spec.limits)}`,
      )
    }
  }
  if (seen.size !== workspaces.length) throw new Violation('f', 'a workspace that is gone was not told to be')
}

function limitsOf({ memoryBytes, cpus, processes }: { memoryBytes: number | null; cpus: number | null; processes: number | null }) {
  return { memoryBytes, cpus, processes }
}

function assertUnique(what: string, values: (string | number)[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) throw new Violation('d', `the ${what} ${twice} has two owners`)
}
