import { Argument, type Command, Option } from 'commander'
import { SIZE_NOTE } from '../../../shared/byte-size'
import { type StorageDriverName, storageDriverSchema } from '../../../shared/storage-driver-name'
import { examples, type Perform } from '../../options/command-tree'
import { type EngineOption, engineOption } from '../../options/shared-options'
import type { PoolOptions } from './storage'
import type { CleanupOptions } from './storage-cleanup'
import type { LimitOptions } from './storage-limit'
import type { MoveOptions } from './storage-move'

const drivers = storageDriverSchema.options

/** Commands for where the data of workspaces is. */
export function addStorage(program: Command, perform: Perform): void {
  const storage = program.command('storage').description('where the data of workspaces is kept')
  const info = storage
    .command('info')
    .description('what new workspaces are made on, and the state of the pool')
    .addOption(engineOption())
    .action((options: EngineOption) => perform(async (context) => (await import('./storage')).showStorage(context, options)))
  examples(info, ['berth storage info', 'berth storage info --engine nas', 'berth storage info --json'])
  const enable = storage
    .command('enable')
    .description('make a copy-on-write pool, or let it grow: clones and snapshots on it take an instant')
    .option('-s, --size <size>', 'such as 50G; its file takes only what is in it', '50G')
    .addOption(engineOption())
    .action((options: PoolOptions) => perform(async (context) => (await import('./storage')).enablePool(context, options)))
  examples(
    enable,
    ['berth storage enable', 'berth storage enable --size 200G'],
    ['Workspaces there are stay where they are; “berth storage move” brings them over.', SIZE_NOTE],
  )
  const disable = storage
    .command('disable')
    .description('remove the pool; refused while workspaces or snapshots are on it')
    .addOption(engineOption())
    .action((options: EngineOption) => perform(async (context) => (await import('./storage')).disablePool(context, options)))
  examples(disable, ['berth storage disable'])
  const usage = storage
    .command('usage')
    .description('what workspaces, images and caches take on disk; measured now')
    .addOption(engineOption())
    .action((options: EngineOption) => perform(async (context) => (await import('./storage-usage')).showUsage(context, options)))
  examples(usage, ['berth storage usage', 'berth storage usage --json'])
  addLimit(storage, perform)
  addMove(storage, perform)
  const cleanup = storage
    .command('cleanup')
    .description('remove volumes, saved layers and images that nobody needs, and the build cache')
    .option('-n, --dry-run', 'only list what would go, with what it would free')
    .option('-y, --yes', 'do not ask')
    .addOption(engineOption())
    .action((options: CleanupOptions) => perform(async (context) => (await import('./storage-cleanup')).cleanUp(context, options)))
  examples(
    cleanup,
    ['berth storage cleanup --dry-run', 'berth storage cleanup', 'berth storage cleanup --yes --json'],
    ['Nothing that a workspace or a snapshot uses is touched. Without a terminal, --yes is required.'],
  )
}

function addLimit(storage: Command, perform: Perform): void {
  const limit = storage
    .command('limit')
    .description('limit what a workspace, or all together, may take on disk; without a size, show the limit')
    .argument('[name]', 'name or id of a workspace; with --total the size')
    .argument('[size]', 'such as 50G or 512M')
    .option('--none', 'take the limit away')
    .option('--total', 'the limit of all workspaces together')
    .action((name: string | undefined, size: string | undefined, options: LimitOptions) =>
      perform(async (context) => (await import('./storage-limit')).limitStorage(context, name, size, options)),
    )
  examples(
    limit,
    ['berth storage limit demo 20G', 'berth storage limit demo --none', 'berth storage limit --total 200G'],
    [
      'It counts home, Docker and snapshots. On the pool the file system holds the workspace to it; on plain volumes Berth warns',
      'at 90 %, and refuses copies that would go past it. With --json: the workspace, or the settings.',
      SIZE_NOTE,
    ],
  )
}

function addMove(storage: Command, perform: Perform): void {
  const move = storage
    .command('move')
    .description('move a workspace to the pool, or back to plain Docker volumes')
    .argument('[name]', 'name or id of a workspace')
    .addArgument(new Argument('[driver]', 'where to').choices(drivers))
    .addOption(new Option('--all <driver>', 'every workspace that is not there, one after the other').choices(drivers))
    .option('--stop', 'also one that runs: it is stopped for the move and started again')
    .action((name: string | undefined, driver: StorageDriverName | undefined, options: MoveOptions) =>
      perform(async (context) => (await import('./storage-move')).moveWorkspaces(context, name, driver, options)),
    )
  examples(
    move,
    ['berth storage move demo btrfs --stop', 'berth storage move demo plain', 'berth storage move --all btrfs --stop'],
    ['Snapshots stay where they are, and can be restored all the same.', 'With --json: the workspace, or all that were moved.'],
  )
}
