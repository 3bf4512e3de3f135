import type { Core } from '../../src/main/core'
import type { BerthEvent } from '../../src/shared/contract/events'
import { Violation } from './violation'

/** What a client knows that has read the state once, and has only listened since. */
export interface Client {
  hear(event: BerthEvent): void
  /** Throws a `Violation` where it does not know what there is. */
  check(core: Core): void
}

type Snapshot = ReturnType<Core['events']['snapshot']>

export function createClient(core: Core): Client {
  const { workspaces, snapshots, operations, ports, adoptable, engines, ...rest } = core.events.snapshot()
  const known = {
    workspace: byId(workspaces, ({ id }) => id),
    snapshot: byId(snapshots, ({ id }) => id),
    operation: byId(operations, ({ id }) => id),
    ports: byId(ports, idOfPorts),
    adoptable: byId(adoptable, ({ containerId }) => containerId),
    engine: byId(engines, ({ id }) => id),
  }
  let { settings } = rest

  return {
    hear(event) {
      if (event.type === 'workspace') known.workspace.set(event.workspace.id, event.workspace)
      if (event.type === 'workspace-removed') {
        known.workspace.delete(event.workspaceId)
        known.ports.delete(event.workspaceId)
      }
      if (event.type === 'snapshot-changed') known.snapshot.set(event.snapshot.id, event.snapshot)
      if (event.type === 'snapshot-removed') known.snapshot.delete(event.snapshotId)
      if (event.type === 'operation') known.operation.set(event.operation.id, event.operation)
      if (event.type === 'ports') known.ports.set(event.ports.workspaceId, event.ports)
      if (event.type === 'adoptable') known.adoptable.set(event.adoptable.containerId, event.adoptable)
      if (event.type === 'adoptable-removed') known.adoptable.delete(event.containerId)
      if (event.type === 'settings') settings = event.settings
      if (event.type === 'engine') known.engine.set(event.engine.id, event.engine)
      if (event.type === 'engine-removed') known.engine.delete(event.engineId)
    },
    check(berth) {
      const now = berth.events.snapshot()
      compare(
        'workspaces',
        known.workspace,
        byId(now.workspaces, ({ id }) => id),
      )
      compare(
        'snapshots',
        known.snapshot,
        byId(now.snapshots, ({ id }) => id),
      )
      // Where nothing is known nothing is told.
      const isKnown = ({ listeners, forwards }: (typeof now.ports)[number]) => listeners !== null || forwards.length > 0
      const told = [...known.ports.values()].flatMap((one) => (one && isKnown(one) ? [one] : []))
      compare('ports', byId(told, idOfPorts), byId(now.ports.filter(isKnown), idOfPorts))
      compare(
        'adoptable workspaces',
        known.adoptable,
        byId(now.adoptable, ({ containerId }) => containerId),
      )
      for (const operation of now.operations)
        compare('operations', new Map([['', known.operation.get(operation.id)]]), new Map([['', operation]]))
      compare('settings', new Map([['', settings]]), new Map([['', now.settings]]))
      compare(
        'engines',
        known.engine,
        byId(now.engines, ({ id }) => id),
      )
    },
  }
}

const idOfPorts = ({ workspaceId }: Snapshot['ports'][number]) => workspaceId

function byId<Item>(items: Item[], idOf: (item: Item) => string): Map<string, Item | undefined> {
  return new Map(items.map((item) => [idOf(item), item]))
}

function compare<Item>(what: keyof Snapshot | string, told: Map<string, Item>, present: Map<string, Item>): void {
  for (const id of new Set([...told.keys(), ...present.keys()])) {
    const [one, other] = [JSON.stringify(told.get(id)), JSON.stringify(present.get(id))]
    if (one !== other) throw new Violation('f', `of the ${what} clients were told ${one}, and there is ${other}`)
  }
}
