import type { OperationDefinition, Step } from '../../operations/operation-definition'
import { LOCAL_PLACE } from '../../settings/records'
import type { LifecycleServices, WorkspaceServices } from './lifecycle-services'
import type { Placed } from './places'

/**
 * A definition whose steps work where the workspace of their input is: each step asks for the place when it runs. What a definition
 * says of itself (its steps, their order, its rules) is the same in every place.
 */
export function placedDefinition<Input extends Placed>(
  services: WorkspaceServices,
  define: (here: LifecycleServices) => OperationDefinition<Input>,
): OperationDefinition<Input> {
  const [{ id: first } = { id: LOCAL_PLACE }] = services.places.list()
  const said = define(services.at({ place: first }))
  const definitions = new Map([[first, said]])

  function stepAt(placed: Placed, name: string): Step<Input> {
    const definition = definitions.get(placed.place) ?? define(services.at(placed))
    definitions.set(placed.place, definition)
    const step = allSteps(definition).find((candidate) => candidate.name === name)
    if (!step) throw new Error(`${definition.kind} has no step ${name} in the place ${placed.place}`)
    return step
  }

  const placed = (step: Step<Input>): Step<Input> => ({
    ...step,
    run: (context) => stepAt(context.input, step.name).run(context),
    ...(step.undo ? { undo: async (input, context) => stepAt(input, step.name).undo?.(input, context) } : {}),
  })

  return {
    placesOf: ({ place }) => [place],
    ...said,
    steps: said.steps.map(placed),
    ...(said.older ? { older: said.older.map((version) => ({ ...version, retired: (version.retired ?? []).map(placed) })) } : {}),
  }
}

function allSteps<Input>({ steps, older = [] }: OperationDefinition<Input>): Step<Input>[] {
  return [...steps, ...older.flatMap(({ retired = [] }) => retired)]
}
