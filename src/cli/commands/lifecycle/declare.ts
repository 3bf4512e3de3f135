import { type Command, Option } from 'commander'
import { parseFraction, parseWhole } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'
import { environmentOption } from '../../options/shared-options'
import { parseSize } from '../../output/format/parse-size'
import type { CreationOptions } from './creation-input'

/** Commands for the life of a workspace: from its creation to its deletion. */
export function addLifecycle(program: Command, perform: Perform): void {
  for (const name of ['start', 'create'] as const) {
    const command = program
      .command(name)
      .description(
        name === 'start'
          ? 'start a workspace; made first if there is none of that name'
          : 'make and start a workspace; refused if the name is taken',
      )
      .argument('<name>', 'a-z, 0-9 and dashes; at most 63 characters')
      .option('-c, --clone <url>', 'git repository, cloned into /home/workspace/repo when the workspace is made')
      .option('-i, --image <reference>', 'image instead of Berth’s own')
      .addOption(environmentOption())
      .option('-l, --label <text>', 'what you call it')
      .addOption(
        // It brings a repository and an image of its own.
        new Option('-t, --template <template>', 'make it as a clone of this template').conflicts(['clone', 'image']),
      )
      .addOption(new Option('--limit-disk <size>', 'what it may take on disk, such as 50G').argParser(parseSize))
      .addOption(new Option('--limit-memory <size>', 'memory it may use, such as 4G').argParser(parseSize))
      .addOption(new Option('--limit-cpus <number>', 'processors it may use, such as 1.5').argParser(parseFraction))
      .addOption(new Option('--limit-processes <number>', 'processes and threads it may have at once').argParser(parseWhole))
      .action((workspace: string, options: CreationOptions & { recreate?: boolean }) =>
        perform(async (context) => (await import('./start')).startWorkspace(context, name, workspace, options)),
      )
    if (name === 'start') command.option('--recreate', 'make what was removed outside Berth again, without what was in it')
    examples(command, [
      `berth ${name} demo`,
      `berth ${name} api --clone git@github.com:owner/api.git --env NODE_ENV=development`,
      `berth ${name} demo --template base`,
      `berth ${name} demo --limit-disk 20G --limit-memory 4G`,
      `berth ${name} demo --json`,
    ])
  }
  for (const name of ['stop', 'restart'] as const) {
    const command = program
      .command(name)
      .description(name === 'stop' ? 'stop workspaces; their files and ports are kept' : 'stop workspaces, then start them')
      .argument('<names...>', 'names or ids of workspaces')
      .action((names: string[], options: { now?: boolean }) =>
        perform(async (context) => (await import('./stop')).stopWorkspaces(context, name, names, options.now ?? false)),
      )
    if (name === 'stop') command.option('--now', 'kill what does not end at once; also hurries a stop that is under way')
    examples(
      command,
      [`berth ${name} demo`, `berth ${name} $(berth list --quiet)`],
      ['With --json: the workspace, or for several names an array of those that succeeded.'],
    )
  }
  const remove = program
    .command('delete')
    .description('delete workspaces with all their files; cannot be undone')
    .argument('<names...>', 'names or ids of workspaces')
    .option('-y, --yes', 'do not ask')
    .action((names: string[], options: { yes?: boolean }) =>
      perform(async (context) => (await import('./delete')).deleteWorkspaces(context, names, options)),
    )
  examples(remove, ['berth delete demo', 'berth delete demo --yes --json'], ['Without a terminal to ask on, --yes is needed.'])
}
