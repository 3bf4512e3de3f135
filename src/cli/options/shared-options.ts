import { Option } from 'commander'
import { collect } from './arguments'

/** Variables for what is made or run. */
export function environmentOption(): Option {
  return new Option('-e, --env <name=value>', 'variable, as often as needed; NAME alone passes on your own')
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

/** Who a command runs as inside. */
export function userOption(): Option {
  // The choices are for completion: any other user's name or number inside is taken too.
  return new Option('-u, --user <user>', 'who runs it, or the name or number of another user inside')
    .choices(['workspace', 'root'])
    .argParser((value) => value)
    .default('workspace')
}
