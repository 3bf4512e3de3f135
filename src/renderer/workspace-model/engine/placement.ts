import type { EngineView } from '../../../shared/contract/engines'
import type { SwarmView } from '../../../shared/contract/swarms'
import { isConstraint } from '../../../shared/swarm-constraint'
import { lostNodes } from '../../../shared/swarm-remarks'
import { formatCount } from '../../ui/format'

/** Where a person wants a workspace to be, as typed. */
export interface Placement {
  /** Name of an engine or a Swarm; empty for that of new workspaces. */
  engine: string
  /** What the node of a Swarm has to be like, with commas between; empty for nothing. */
  constraints: string
}

const MAX_CONSTRAINTS = 20
const MAX_CHARACTERS = 256

/** Why they cannot be taken, in words; null when they can. */
export function constraintsProblem(typed: string): string | null {
  const constraints = typedConstraints(typed)
  const wrong = constraints.find((constraint) => !isConstraint(constraint))
  if (wrong !== undefined) return `“${wrong}” is not of the form KEY==VALUE or KEY!=VALUE.`
  if (constraints.some(({ length }) => length > MAX_CHARACTERS)) return `A constraint has at most ${MAX_CHARACTERS} characters.`
  return constraints.length > MAX_CONSTRAINTS ? `Give at most ${MAX_CONSTRAINTS} constraints.` : null
}

/** As Berth takes it; what is empty is left out. */
export function givenPlacement({ engine = '', constraints = '' }: { [Name in keyof Placement]?: Placement[Name] | undefined }): {
  engine?: string
  constraints?: string[]
} {
  const typed = typedConstraints(constraints)
  return { ...(engine === '' ? {} : { engine }), ...(typed.length === 0 ? {} : { constraints: typed }) }
}

function typedConstraints(typed: string): string[] {
  return typed
    .split(',')
    .map((constraint) => constraint.trim())
    .filter((constraint) => constraint !== '')
}

/** Why it places nothing for the moment, behind its name; null when it does. */
export function swarmObstacle({ manager }: Pick<SwarmView, 'manager'>): string | null {
  return manager === null ? 'no manager is responding' : null
}

/** Beside its name: “3 nodes”, “2 of 3 nodes”, “no manager answers”. */
export function describeSwarm(swarm: SwarmView): string {
  const { length } = swarm.nodes
  const lost = lostNodes(swarm).length
  return swarmObstacle(swarm) ?? (lost === 0 ? formatCount(length, 'node') : `${length - lost} of ${formatCount(length, 'node')}`)
}

/** An engine that manages a Swarm which Berth does not use yet. */
export function managesUnused({ name, state }: EngineView, swarms: readonly SwarmView[]): boolean {
  if (state.status !== 'connected' || state.capabilities.swarm !== 'manager') return false
  const { swarmNodeId } = state.capabilities
  return !swarms.some(({ manager, nodes }) => manager === name || nodes.some(({ id, engine }) => engine === name || id === swarmNodeId))
}
