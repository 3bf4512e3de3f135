import { type Command, Option } from 'commander'
import { SIZE_NOTE } from '../../../shared/byte-size'
import type { BerthClient } from '../../../shared/contract/contract'
import { examples, type Perform } from '../../options/command-tree'
import { type ConfigurationOptions, configurationOptions } from '../../options/configuration-options'
import { constraintOption, placeOption } from '../../options/shared-options'
import type { CreationOptions } from './creation-input'
import type { DeletionOptions } from './delete'

/** Commands for the life of a workspace: from its creation to its deletion. */
export function addLifecycle(program: Command, perform: Perform): void {
  for (const name of ['start', 'create'] as const) {
    const command = program
      .command(name)
      .description(
        name === 'start'
          ? 'start workspaces, creating those that do not exist yet'
          : 'create and start a workspace; refused if the name is taken',
      )
      .argument(name === 'start' ? '[names...]' : '<name>', 'a-z, 0-9 and dashes; at most 63 characters')
      .option(
        '-c, --clone <repository>',
        'repository for ~/repo: a URL, the address of a page of it, OWNER/REPO of GitHub, or a folder such as “.”; given again: one more, in a folder of its own',
        (repository: string, before: string[] = []) => [...before, repository],
      )
      .option('-t, --template <template>', 'create it from this template: a template workspace, or a file in the library')
      .addOption(
        new Option('--host', 'a folder of this machine instead of a container: not isolated; with --folder that folder').conflicts([
          'template',
          'engine',
          'constraint',
        ]),
      )
      .option('-y, --yes', 'with --host: do not ask for confirmation')
      .addOption(placeOption())
      .addOption(constraintOption())
      .action((given: string | string[], options: CreationOptions & { recreate?: boolean; all?: boolean }) =>
        typeof given === 'string'
          ? perform(async (context) => (await import('./start')).startWorkspace(context, 'create', given, options))
          : perform(async (context) => (await import('./start')).startWorkspaces(context, given, options)),
      )
    for (const option of configurationOptions('creation')) command.addOption(option)
    if (name === 'start') {
      command.option('--all', 'all that are stopped').option('--recreate', 'recreate what was removed outside Berth, without its contents')
    }
    examples(
      command,
      [
        `berth ${name} demo`,
        `berth ${name} api --clone git@github.com:owner/api.git --env NODE_ENV=development`,
        `berth ${name} fix --clone https://github.com/owner/repo/pull/17`,
        `berth ${name} demo --clone . --with-changes`,
        `berth ${name} shop --clone owner/shop --clone owner/api#develop`,
        `berth ${name} demo --template base`,
        `berth ${name} demo --limit-disk 20G --limit-memory 4G`,
        `berth ${name} demo --init-script setup.sh --post-start ~/start.d`,
        `berth ${name} demo --engine nas`,
        `berth ${name} demo --engine team --constraint node.labels.disk==ssd`,
        `berth ${name} site --host --folder ~/site`,
        `berth ${name} demo --json`,
        ...(name === 'start' ? ['berth start api db web', 'berth start --all'] : []),
      ],
      [SIZE_NOTE],
    )
  }
  const configure = program
    .command('configure')
    .description('change the configuration of a workspace; anything left out stays as it is')
    .argument('<name>', 'name or id of a workspace')
    .action((name: string, options: ConfigurationOptions) =>
      perform(async (context) => (await import('./configure')).configureWorkspace(context, name, options)),
    )
  for (const option of configurationOptions('change')) configure.addOption(option)
  examples(
    configure,
    ['berth configure demo --label Shop --env LOG_LEVEL=debug', "berth configure demo --label '' --limit-memory none"],
    ['Changed variables apply to new commands, terminals, ssh logins and cron jobs.', SIZE_NOTE, 'With --json: the workspace.'],
  )
  const keepRunning = program
    .command('keep-running')
    .description('take back the stop that is announced for an idle workspace')
    .argument('<name>', 'name or id of a workspace')
    .action((name: string) => perform(async (context) => (await import('./keep-running')).keepRunning(context, name)))
  examples(
    keepRunning,
    ['berth keep-running demo'],
    [
      '“berth info NAME” shows an announced stop; the setting idleStopHours says how long a workspace may be idle.',
      'With --json: the workspace.',
    ],
  )
  addOperation(program, perform, 'stop', 'stop workspaces; their files and ports are kept', (client, workspace, { now = false }) =>
    client.workspaces.stop({ workspace, now }),
  ).option('--now', 'kill whatever does not end at once; also speeds up a stop in progress')
  addOperation(program, perform, 'restart', 'stop workspaces, then start them', (client, workspace) =>
    client.workspaces.restart({ workspace }),
  )
  addOperation(program, perform, 'rerun-init', 'run the init script of running workspaces again, as root', (client, workspace) =>
    client.workspaces.rerunInit({ workspace }),
  )
  const remove = program
    .command('delete')
    .alias('rm')
    .description('delete workspaces with all their files; cannot be undone')
    .argument('<names...>', 'names or ids of workspaces')
    .option('-y, --yes', 'do not ask')
    .option('--remove-folder', 'of host workspaces: also the folder, if Berth created it')
    .action((names: string[], options: DeletionOptions) =>
      perform(async (context) => (await import('./delete')).deleteWorkspaces(context, names, options)),
    )
  examples(
    remove,
    ['berth delete demo', 'berth delete api db --yes', 'berth delete demo --yes --json'],
    ['Without a terminal, --yes is required.', 'The folder of a host workspace stays, unless --remove-folder is given.'],
  )
}

type Begin = (client: BerthClient, workspace: string, options: { now?: boolean }) => ReturnType<BerthClient['workspaces']['restart']>

/** A command that runs an operation on workspaces that are named, or on all that run. */
function addOperation(program: Command, perform: Perform, name: string, description: string, begin: Begin): Command {
  const command = program
    .command(name)
    .description(description)
    .argument('[names...]', 'names or ids of workspaces')
    .option('-a, --all', 'all that are running')
    .action((names: string[], { all = false, ...options }: { now?: boolean; all?: boolean }) =>
      perform(async (context) => {
        const { ALL_RUNNING, runOnWorkspaces } = await import('./run-on-workspaces')
        return runOnWorkspaces(context, names, all ? { all: ALL_RUNNING } : {}, (client, workspace) => begin(client, workspace, options))
      }),
    )
  return examples(
    command,
    [`berth ${name} demo`, `berth ${name} api db`, `berth ${name} --all`],
    [
      'Several run at once. If one fails, the others continue, and the exit code is not 0.',
      'With --json: the workspace, or for several names or --all an array of those that succeeded.',
    ],
  )
}
