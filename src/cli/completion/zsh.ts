import { descents, quote, valueFlags, valuePlaces } from './bash'
import { allCommands, type CommandSpec, type OptionSpec, type PlaceSpec } from './spec'

export function zshCompletion(root: CommandSpec): string {
  const commands = allCommands(root)
  return `#compdef berth
# berth completion for zsh: put it into a directory of $fpath as _berth, or source it after compinit.
_berth() {
  local command='' workspace='' skip='' word index
  local -i places=0
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      --) return 1 ;;
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
        (( places == 0 )) && workspace="$word"
        places+=1
        ;;
    esac
  done
  if [[ -n $skip ]]; then
    case "$command \${words[CURRENT-1]}" in
${valuePlaces(commands)
  .map(({ flag, place }) => `      ${quote(flag)}) ${placeAction(place)} ;;`)
  .join('\n')}
      *) _files ;;
    esac
    return
  fi
  local -a entries
  if [[ "\${words[CURRENT]}" == -* ]]; then
    case "$command" in
${commands.map((command) => `      ${quote(command.path)}) entries=(${command.options.flatMap(optionEntries).join(' ')}) ;;`).join('\n')}
    esac
    _describe -o option entries
    return
  fi
  case "$command/$places" in
${commands.flatMap(placeCases).join('\n')}
  esac
}
if [[ "$funcstack[1]" == _berth ]]; then _berth "$@"; else compdef _berth berth; fi
`
}

function optionEntries({ flags, description }: OptionSpec): string[] {
  return flags.map((flag) => entry(flag, description))
}

/** A word and its description as _describe takes them. */
function entry(word: string, description: string): string {
  return quote(`${word.replaceAll(':', '\\:')}:${description.replaceAll(':', '\\:')}`)
}

function placeCases(command: CommandSpec): string[] {
  if (command.subcommands.length > 0) {
    const entries = command.subcommands.flatMap(({ names, description }) => names.map((name) => entry(name, description)))
    return [`    ${quote(`${command.path}/0`)}) entries=(${entries.join(' ')}); _describe command entries ;;`]
  }
  return command.places.flatMap((place, index) => {
    const isLast = index === command.places.length - 1
    const pattern = isLast && command.repeats ? `${quote(`${command.path}/`)}*` : quote(`${command.path}/${index}`)
    const action = placeAction(place)
    return action === null ? [] : [`    ${pattern}) ${action} ;;`]
  })
}

function placeAction(place: PlaceSpec): string | null {
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
      return `compadd -- \${(f)"$("\${words[1]}" __complete ${place.kind} 2>/dev/null)"}`
    case 'snapshot':
      return `compadd -- \${(f)"$("\${words[1]}" __complete snapshot "$workspace" 2>/dev/null)"}`
    case 'location':
      return `compadd -S '' -- \${(f)"$("\${words[1]}" __complete location 2>/dev/null)"}; _files`
    case 'choices':
      return `compadd -- ${place.choices.map(quote).join(' ')}`
    case 'any':
      return null
    default:
      return place satisfies never
  }
}
