import type { Command } from 'commander'
import { examples, type Perform } from './command-tree'

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
  examples(enable, ['berth storage enable', 'berth storage enable --size 200G'], ['Workspaces there are stay where they are.'])
  const disable = storage
    .command('disable')
    .description('remove the pool; refused while workspaces or snapshots are on it')
    .action(() => perform(async (context) => (await import('./commands/storage')).disablePool(context)))
  examples(disable, ['berth storage disable'])
}
