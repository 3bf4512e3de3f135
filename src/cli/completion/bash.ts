import { allCommands, type CommandSpec, type PlaceSpec } from './spec'

/** Written for bash 3.2 as well, which is what macOS has. Everything but Berth's own names is in the script: for the rest no program is started. */
export function bashCompletion(root: CommandSpec): string {
  const commands = allCommands(root)
  return `# berth completion for bash: source <(berth completion bash)
_berth() {
  local berth="\${COMP_WORDS[0]}" current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command='' workspace='' places=0 skip='' word index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      --) return ;;
      # bash takes K=V and NAME:PATH apart.
      = | :) skip=yes; continue ;;
      -*)
        case "$command $word" in
          ${valueFlags(commands).join(' | ')}) skip=yes ;;
        esac
        continue
        ;;
    esac
    case "$command/$word" in
${descents(root)
  .map(({ from, word, to }) => `      ${quote(`${from}/${word}`)}) command=${quote(to)} ;;`)
  .join('\n')}
      *)
        if ((places == 0)); then workspace="$word"; fi
        ((places++))
        ;;
    esac
  done
  if [[ -n $skip ]]; then
    case "$command $previous" in
${valuePlaces(commands)
  .map(({ flag, place }) => `      ${quote(flag)}) COMPREPLY=($(compgen -W ${placeWords(place)} -- "$current")) ;;`)
  .join('\n')}
    esac
    return
  fi
  if [[ $current == -* ]]; then
    case "$command" in
${commands.map((command) => `      ${quote(command.path)}) COMPREPLY=($(compgen -W ${quote(allFlags(command).join(' '))} -- "$current")) ;;`).join('\n')}
    esac
    return
  fi
  case "$command/$places" in
${commands.flatMap(placeCases).join('\n')}
  esac
}
complete -F _berth berth
`
}

function placeCases(command: CommandSpec): string[] {
  if (command.subcommands.length > 0) {
    const words = command.subcommands.flatMap(({ names }) => names).join(' ')
    return [`    ${quote(`${command.path}/0`)}) COMPREPLY=($(compgen -W ${quote(words)} -- "$current")) ;;`]
  }
  return command.places.flatMap((place, index) => {
    const isLast = index === command.places.length - 1
    const pattern = isLast && command.repeats ? `${quote(`${command.path}/`)}*` : quote(`${command.path}/${index}`)
    const words = placeWords(place)
    const files =
      place.kind === 'location' ? `; ((\${#COMPREPLY[@]})) && compopt -o nospace 2>/dev/null || compopt -o default 2>/dev/null` : ''
    return words === null ? [] : [`    ${pattern}) COMPREPLY=($(compgen -W ${words} -- "$current"))${files} ;;`]
  })
}

function placeWords(place: PlaceSpec): string | null {
  switch (place.kind) {
    case 'workspace':
    case 'template':
    case 'entry':
    case 'any-template':
    case 'skill':
    case 'tool':
    case 'engine':
    case 'place':
    case 'swarm':
    case 'location':
      return `"$("$berth" __complete ${place.kind} 2>/dev/null)"`
    case 'snapshot':
      return '"$("$berth" __complete snapshot "$workspace" 2>/dev/null)"'
    case 'choices':
      return quote(place.choices.join(' '))
    case 'any':
      return null
    default:
      return place satisfies never
  }
}

/** Which word leads from which command to which. */
export function descents(command: CommandSpec): { from: string; word: string; to: string }[] {
  return command.subcommands.flatMap((child) => [
    ...child.names.map((word) => ({ from: command.path, word, to: child.path })),
    ...descents(child),
  ])
}

export function allFlags(command: CommandSpec): string[] {
  return command.options.flatMap(({ flags }) => flags)
}

/** “command flag” of each flag whose value is the next word. */
export function valueFlags(commands: readonly CommandSpec[]): string[] {
  return commands.flatMap(({ path, options }) =>
    options.filter(({ takesValue }) => takesValue).flatMap(({ flags }) => flags.map((flag) => quote(`${path} ${flag}`))),
  )
}

/** “command flag” of each flag whose value can be completed, and what it may be. */
export function valuePlaces(commands: readonly CommandSpec[]): { flag: string; place: PlaceSpec }[] {
  return commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, choices, names }) => {
      const place: PlaceSpec | null = names !== null ? { kind: names } : choices.length > 0 ? { kind: 'choices', choices } : null
      return place === null ? [] : flags.map((flag) => ({ flag: `${path} ${flag}`, place }))
    }),
  )
}

/** In single quotes, for a POSIX shell and for zsh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
