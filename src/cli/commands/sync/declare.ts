import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'

/** The command that copies files and credentials of this machine into workspaces. */
export function addSync(program: Command, perform: Perform): void {
  const sync = program
    .command('sync')
    .description('copy what has changed of the files and credentials that running workspaces have from this machine')
    .argument('[names...]', 'names or ids of workspaces')
    .option('-a, --all', 'all that are running')
    .option('-f, --force', 'also overwrite, or remove, what was changed inside')
    .action((names: string[], options: { all?: boolean; force?: boolean }) =>
      perform(async (context) => (await import('./sync')).syncWorkspaces(context, names, options)),
    )
  examples(
    sync,
    ['berth sync demo', 'berth sync --all', 'berth sync demo --force --json'],
    [
      'What is copied: “berth settings sync”, and “berth configure NAME --sync PATH --ssh-key PATH”. It is also copied at each start, and when it changes.',
      'With --json: what was sent, removed, left alone and changed inside; for several names an array.',
    ],
  )
}
