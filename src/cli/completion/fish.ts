import type { CompletedKind } from './completed-names'
import { allCommands, type CommandSpec, type OptionSpec, type PlaceSpec } from './spec'

export function fishCompletion(root: CommandSpec): string {
  const lines = ['# berth completion for fish: berth completion fish > ~/.config/fish/completions/berth.fish', 'complete -c berth -f']
  for (const command of allCommands(root)) {
    const condition = conditionFor(command, root)
    // Global options are given once, for all.
    const own = command === root ? command.options : command.options.filter((option) => !root.options.includes(option))
    lines.push(...own.map((option) => optionLine(option, command === root ? null : condition)))
    for (const child of command.subcommands) {
      lines.push(...child.names.map((name) => `complete -c berth -n ${quote(condition)} -a ${quote(name)} -d ${quote(child.description)}`))
    }
    lines.push(...command.places.flatMap((place, index) => placeLines(place, placeCondition(command, index, condition))))
  }
  return `${lines.join('\n')}\n`
}

function conditionFor(command: CommandSpec, root: CommandSpec): string {
  if (command === root) return '__fish_use_subcommand'
  const [first = '', second] = command.path.split(' ')
  const names = second === undefined ? command.names.join(' ') : first
  const after = second === undefined ? command.subcommands.flatMap(({ names: words }) => words) : []
  const parts = [`__fish_seen_subcommand_from ${names}`]
  if (second !== undefined) parts.push(`__fish_seen_subcommand_from ${second}`)
  // “berth snapshot delete” is not “berth delete”.
  else parts.push(...groupsWith(command, root).map((group) => `not __fish_seen_subcommand_from ${group}`))
  if (after.length > 0) parts.push(`not __fish_seen_subcommand_from ${after.join(' ')}`)
  return parts.join('; and ')
}

/** Groups of commands in which one has the name of this command. */
function groupsWith(command: CommandSpec, root: CommandSpec): string[] {
  const groups = root.subcommands.filter(({ subcommands }) =>
    subcommands.some(({ names }) => names.some((name) => command.names.includes(name))),
  )
  return groups.flatMap(({ names }) => names)
}

/** With several places each is offered what belongs there; with one there is nothing to tell apart. */
function placeCondition({ path, places }: CommandSpec, index: number, condition: string): string {
  if (places.length === 1) return condition
  return `${condition}; and __fish_is_nth_token ${path.split(' ').length + 1 + index}`
}

function optionLine({ flags, description, takesValue, choices, names }: OptionSpec, condition: string | null): string {
  const parts = ['complete -c berth']
  if (condition !== null) parts.push(`-n ${quote(condition)}`)
  for (const flag of flags) parts.push(flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)
  if (takesValue) parts.push('-r')
  if (choices.length > 0) parts.push(`-a ${quote(choices.join(' '))}`)
  if (names !== null) parts.push(`-a ${quote(namesCall(names))}`)
  parts.push(`-d ${quote(description)}`)
  return parts.join(' ')
}

function placeLines(place: PlaceSpec, condition: string): string[] {
  switch (place.kind) {
    case 'workspace':
    case 'template':
    case 'snapshot':
    case 'entry':
    case 'any-template':
    case 'skill':
    case 'tool':
    case 'engine':
    case 'place':
    case 'swarm':
      return [`complete -c berth -n ${quote(condition)} -a ${quote(namesCall(place.kind))}`]
    case 'location':
      return [`complete -c berth -F -n ${quote(condition)} -a ${quote(namesCall(place.kind))}`]
    case 'choices':
      return [`complete -c berth -n ${quote(condition)} -a ${quote(place.choices.join(' '))}`]
    case 'any':
      return []
    default:
      return place satisfies never
  }
}

function namesCall(kind: CompletedKind): string {
  // The workspace is the fourth word of “berth snapshot COMMAND WORKSPACE”, flags aside.
  const workspace = kind === 'snapshot' ? " (string match -rv '^-' -- (commandline -opc))[4]" : ''
  return `(command berth __complete ${kind}${workspace} 2>/dev/null)`
}

/** In single quotes; inside them fish knows two escapes. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
