import type { Argument, Command, Option } from 'commander'
import { WORKSPACE_ARGUMENTS } from '../workspace-arguments'

export interface OptionSpec {
  flags: string[]
  description: string
  takesValue: boolean
  choices: readonly string[]
}

/** What may stand in one place: names of workspaces, one of a few words, or anything. */
export type PlaceSpec = { kind: 'workspace' } | { kind: 'choices'; choices: readonly string[] } | { kind: 'any' }

export interface CommandSpec {
  /** All its words, e.g. “settings get”. */
  path: string
  /** Its last word, and others that mean the same. */
  names: string[]
  description: string
  options: OptionSpec[]
  places: PlaceSpec[]
  /** The last place may be filled again and again. */
  repeats: boolean
  subcommands: CommandSpec[]
}

/** The tree of commands as completion needs it; hidden commands are left out. */
export function completionSpec(program: Command): CommandSpec {
  const globals = optionSpecs(program)
  return commandSpec(program, '', globals)
}

/** That command and all below it. */
export function allCommands(spec: CommandSpec): CommandSpec[] {
  return [spec, ...spec.subcommands.flatMap(allCommands)]
}

function commandSpec(command: Command, path: string, globals: OptionSpec[]): CommandSpec {
  const places = command.registeredArguments.map(placeSpec)
  return {
    path,
    names: [command.name(), ...command.aliases()],
    description: command.description(),
    options: path === '' ? globals : [...optionSpecs(command), ...globals],
    places,
    repeats: command.registeredArguments.at(-1)?.variadic ?? false,
    subcommands: command.commands
      .filter((child) => !child.name().startsWith('__'))
      .map((child) => commandSpec(child, `${path} ${child.name()}`.trim(), globals)),
  }
}

function optionSpecs(command: Command): OptionSpec[] {
  const help: OptionSpec[] =
    command.parent === null ? [{ flags: ['-h', '--help'], description: 'show help', takesValue: false, choices: [] }] : []
  return [...command.options.map(optionSpec), ...help]
}

function optionSpec(option: Option): OptionSpec {
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  }
}

function placeSpec(argument: Argument): PlaceSpec {
  if (WORKSPACE_ARGUMENTS.includes(argument.name())) return { kind: 'workspace' }
  return argument.argChoices === undefined ? { kind: 'any' } : { kind: 'choices', choices: argument.argChoices }
}
