import type { Workspace } from '../../../src/shared/workspace'
import type { EngineState } from './engine-state'
import type { SimulatedContainer } from './simulated-container'

/** Of Berth's: the container that works for the workspace as its own. */
export function containerOf(engine: EngineState, { id, name }: Pick<Workspace, 'id' | 'name'>): SimulatedContainer | null {
  const own = [...engine.containers.values()].filter(({ spec }) => spec.labels['dev.berth.id'] === id && !spec.labels['dev.berth.keeps'])
  return own.find((one) => one.name === `workspace-${name}`) ?? own.find((one) => !isStandIn(one.name, name)) ?? null
}

function isStandIn(containerName: string, name: string): boolean {
  return [`workspace-${name}.replacement`, `workspace-${name}.previous`].includes(containerName)
}
