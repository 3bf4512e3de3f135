import type { Argument, Command, Option } from 'commander'
import { type CompletedKind, completedArgument, completedOption } from './completed-names'

export interface OptionSpec {
  flags: string[]
  description: string
  takesValue: boolean
  choices: readonly string[]
  /** Names of Berth's that its value is one of. */
  names: CompletedKind | null
}

/** What may stand in one place: names that Berth knows, one of a few words, or anything. */
export type PlaceSpec = { kind: CompletedKind } | { kind: 'choices'; choices: readonly string[] } | { kind: 'any' }

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
    command.parent === null ? [{ flags: ['-h', '--help'], description: 'show help', takesValue: false, choices: [], names: null }] : []
  return [...command.options.map(optionSpec), ...help]
}

function optionSpec(option: Option): OptionSpec {
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
    names: completedOption(option.flags.slice(option.flags.indexOf('--'))),
  }
}

function placeSpec(argument: Argument): PlaceSpec {
  const kind = completedArgument(argument.name())
  if (kind !== null) return { kind }
  return argument.argChoices === undefined ? { kind: 'any' } : { kind: 'choices', choices: argument.argChoices }
}
