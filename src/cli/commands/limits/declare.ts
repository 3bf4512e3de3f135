import { type Command, Option } from 'commander'
import { parseFraction, parseWhole } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'
import { parseSize } from '../../output/format/parse-size'

/** What takes a limit away; commander has no place for null. */
const NONE = 'none'
type OrNone = number | typeof NONE

interface LimitOptions {
  cpus?: OrNone
  memory?: OrNone
  processes?: OrNone
  disk?: OrNone
}

const orNone = (parse: (text: string) => number) => (text: string) => (text === NONE ? NONE : parse(text))
const numberOrNull = (value: OrNone) => (value === NONE ? null : value)

export function addLimit(program: Command, perform: Perform): void {
  const limit = program
    .command('limit')
    .description('limit what a workspace may use, also while it runs; without an option, show its limits')
    .argument('<name>', 'name or id of a workspace')
    .addOption(new Option('--cpus <number>', 'processors, such as 1.5; “none” for no limit').argParser(orNone(parseFraction)))
    .addOption(new Option('--memory <size>', 'such as 4G').argParser(orNone(parseSize)))
    .addOption(new Option('--processes <number>', 'processes and threads at once').argParser(orNone(parseWhole)))
    .addOption(new Option('--disk <size>', 'such as 50G; as “berth storage limit”').argParser(orNone(parseSize)))
    .action((name: string, { cpus, memory, processes, disk }: LimitOptions) =>
      perform(async (context) => {
        const limits = {
          ...(cpus === undefined ? {} : { cpus: numberOrNull(cpus) }),
          ...(memory === undefined ? {} : { memoryBytes: numberOrNull(memory) }),
          ...(processes === undefined ? {} : { processes: numberOrNull(processes) }),
          ...(disk === undefined ? {} : { diskBytes: numberOrNull(disk) }),
        }
        return (await import('./limit')).limitWorkspace(context, name, limits)
      }),
    )
  examples(limit, ['berth limit demo', 'berth limit demo --cpus 2 --memory 4G', 'berth limit demo --memory none'])
}
