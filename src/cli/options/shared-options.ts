import { Option } from 'commander'
import { collect, parseConstraint } from './arguments'

/** Variables for what is made or run. */
export function environmentOption(): Option {
  return new Option('-e, --env <name=value>', 'variable (repeatable); NAME alone passes on your own value')
    .argParser(collect)
    .default([], 'none')
}

export interface EngineOption {
  /** Name or id of an engine. */
  engine?: string
}

/** Which engine a command is about. */
export function engineOption(help = 'name or id of the engine; left out, the one for new workspaces'): Option {
  return new Option('--engine <engine>', help)
}

/** As the API takes it. */
export function onEngine({ engine }: EngineOption): EngineOption {
  return engine === undefined ? {} : { engine }
}

export interface PlacementOptions extends EngineOption {
  /** What a node of the Swarm has to be like, as `docker service create` has it. */
  constraint?: string[]
}

/** Where a workspace is to be. */
export function placeOption(help = 'name or id of the engine or Swarm to make it on; left out, the one for new workspaces'): Option {
  return new Option('--engine <place>', help)
}

export function constraintOption(): Option {
  return new Option(
    '--constraint <expression>',
    'what the node of a Swarm has to be like, such as node.labels.disk==ssd; as often as needed',
  ).argParser((value: string, before: string[] = []) => [...before, parseConstraint(value)])
}

/** As the API takes it. */
export function givenPlacement({ engine, constraint = [] }: PlacementOptions): { engine?: string; constraints?: string[] } {
  return { ...(engine === undefined ? {} : { engine }), ...(constraint.length === 0 ? {} : { constraints: constraint }) }
}

/** Who a command runs as inside. */
export function userOption(): Option {
  // The choices are for completion: any other user's name or number inside is taken too.
  return new Option('-u, --user <user>', 'who runs it, or the name or number of another user inside')
    .choices(['workspace', 'root'])
    .argParser((value) => value)
    .default('workspace')
}
