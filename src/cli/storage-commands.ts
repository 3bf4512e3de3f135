import { Argument, type Command, Option } from 'commander'
import { type StorageDriverName, storageDriverSchema } from '../shared/storage-driver-name'
import { examples, type Perform } from './command-tree'
import type { MoveOptions } from './commands/storage-move'

const drivers = storageDriverSchema.options

/** Commands for where the data of workspaces is. */
export function addStorage(program: Command, perform: Perform): void {
  const storage = program.command('storage').description('where the data of workspaces is kept')
  const info = storage
    .command('info')
    .description('what new workspaces are made on, and the state of the pool')
    .action(() => perform(async (context) => (await import('./commands/storage')).showStorage(context)))
  examples(info, ['berth storage info', 'berth storage info --json'])
  const enable = storage
    .command('enable')
    .description('make a copy-on-write pool, or let it grow: clones and snapshots on it take an instant')
    .option('-s, --size <size>', 'such as 50G; its file takes only what is in it', '50G')
    .action((options: { size: string }) =>
      perform(async (context) => (await import('./commands/storage')).enablePool(context, options.size)),
    )
  examples(
    enable,
    ['berth storage enable', 'berth storage enable --size 200G'],
    ['Workspaces there are stay where they are; “berth storage move” brings them over.'],
  )
  const disable = storage
    .command('disable')
    .description('remove the pool; refused while workspaces or snapshots are on it')
    .action(() => perform(async (context) => (await import('./commands/storage')).disablePool(context)))
  examples(disable, ['berth storage disable'])
  const move = storage
    .command('move')
    .description('move a workspace to the pool, or back to plain Docker volumes')
    .argument('[name]', 'name or id of a workspace')
    .addArgument(new Argument('[driver]', 'where to').choices(drivers))
    .addOption(new Option('--all <driver>', 'every workspace that is not there, one after the other').choices(drivers))
    .option('--stop', 'also one that runs: it is stopped for the move and started again')
    .action((name: string | undefined, driver: StorageDriverName | undefined, options: MoveOptions) =>
      perform(async (context) => (await import('./commands/storage-move')).moveWorkspaces(context, name, driver, options)),
    )
  examples(
    move,
    ['berth storage move demo btrfs --stop', 'berth storage move demo plain', 'berth storage move --all btrfs --stop'],
    ['Snapshots stay where they are, and can be restored all the same.', 'With --json: the workspace, or all that were moved.'],
  )
}
