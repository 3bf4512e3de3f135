import type { InferContractRouterInputs } from '@orpc/contract'
import type { contract } from '../../shared/contract/contract'
import type { SwarmView } from '../../shared/contract/swarms'
import { BerthError } from '../../shared/errors'
import { nodeAddress } from '../../shared/swarm-address'
import { placedWorkspaces } from '../../shared/swarm-remarks'
import { swarm, swarmNode } from '../../shared/testing/swarm'
import type { createFakeEngines } from './fake-engines'

type Inputs = InferContractRouterInputs<typeof contract>['swarms']

/** The Swarms of a fake Berth, which are only records: none at first. Each has a manager and two workers. */
export function createFakeSwarms(engines: ReturnType<typeof createFakeEngines>, calls: string[]) {
  const used: SwarmView[] = []

  function find(reference: string): SwarmView {
    const found = used.find(({ id, name }) => name === reference || id === reference)
    if (found) return found
    throw new BerthError('SWARM_UNKNOWN', `There is no Swarm named “${reference}” in Berth.`, { swarm: reference, next: 'See the list.' })
  }
  const put = (changed: SwarmView): SwarmView => {
    const index = used.findIndex(({ id }) => id === changed.id)
    used.splice(index < 0 ? used.length : index, 1, changed)
    return changed
  }
  /** Nodes with an address have an engine. */
  const reached = (view: SwarmView): SwarmView => ({
    ...view,
    nodes: view.nodes.map((node) => ({
      ...node,
      engine: node.role === 'manager' ? view.manager : nodeAddress(node, view) === null ? null : `${view.name}.${node.hostname}`,
    })),
  })

  return {
    used,
    find,
    /** Name of the engine that a workspace comes to; null where no Swarm has that name. */
    place(reference: string | undefined): string | null {
      const chosen = used.find(({ name, id, isDefault }) => (reference === undefined ? isDefault : name === reference || id === reference))
      return chosen?.nodes.find(({ engine }) => engine !== null)?.engine ?? null
    },
    add({ name, engine, ...reach }: Inputs['add']): SwarmView {
      const manager = engines.find(engine)
      calls.push(`add swarm ${name} ${JSON.stringify(engine === undefined ? reach : { engine, ...reach })}`)
      if (manager.state.status !== 'connected' || manager.state.capabilities.swarm !== 'manager') {
        throw new BerthError('SWARM_NO_MANAGER', `The engine ${manager.name} is not a manager of a Swarm.`, {
          ...{ swarm: name, engine: manager.name },
          next: 'Choose a manager.',
        })
      }
      const { rule = null, tlsFolder = null, addresses = {}, movesOnDrain = true } = reach
      const nodes = [swarmNode('manager-1', { role: 'manager' }), swarmNode('worker-1'), swarmNode('worker-2')]
      return put(reached(swarm({ id: `id-of-${name}`, name, manager: manager.name, nodes, rule, tlsFolder, addresses, movesOnDrain })))
    },
    update({ swarm: reference, ...reach }: Inputs['update']): SwarmView {
      const before = find(reference)
      calls.push(`update swarm ${before.name} ${JSON.stringify(reach)}`)
      const given = Object.fromEntries(Object.entries(reach).filter(([, value]) => value !== undefined))
      return put(reached({ ...before, ...given }))
    },
    use(reference: string): SwarmView {
      const chosen = find(reference)
      calls.push(`use swarm ${chosen.name}`)
      for (const engine of engines.used) engine.isDefault = false
      for (const each of used) each.isDefault = each === chosen
      return chosen
    },
    remove(reference: string): void {
      const found = find(reference)
      const here = placedWorkspaces(found)
      if (here.length > 0) {
        throw new BerthError('ENGINE_IN_USE', `${found.name} cannot be removed. It has placed workspaces (${here.join(', ')}).`, {
          ...{ engine: found.name, workspaces: here },
          next: 'Delete them first.',
        })
      }
      calls.push(`remove swarm ${found.name}`)
      used.splice(used.indexOf(found), 1)
    },
  }
}
