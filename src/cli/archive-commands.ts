import type { Command } from 'commander'
import { examples, type Perform } from './command-tree'
import type { ExportOptions } from './commands/export'
import type { ImportOptions } from './commands/import'

/** Commands for whole workspaces as files. */
export function addArchives(program: Command, perform: Perform): void {
  const exporting = program
    .command('export')
    .description('write a whole workspace to one file; one that runs goes on running')
    .argument('<name>', 'name or id of a workspace')
    .option('-o, --output <file>', 'the file; NAME.berth in this folder if left out')
    .option('-f, --force', 'take the place of a file that is there')
    .action((name: string, options: ExportOptions) =>
      perform(async (context) => (await import('./commands/export')).exportWorkspace(context, name, options)),
    )
  examples(
    exporting,
    ['berth export demo', 'berth export demo -o /backup/demo.berth --force', 'berth export demo --json'],
    ['What is in the workspace is in the file, secrets too: only you can read it.', 'With --json: {file, bytes, workspace}.'],
  )
  const importing = program
    .command('import')
    .description('make a workspace of a file that was exported')
    .argument('<file>', 'a file that “berth export” has written')
    .option('-n, --name <new-name>', 'name of the workspace; the one it had if left out')
    .option('--no-start', 'do not start it')
    .action((file: string, options: ImportOptions) =>
      perform(async (context) => (await import('./commands/import')).importWorkspace(context, file, options)),
    )
  examples(
    importing,
    ['berth import demo.berth', 'berth import demo.berth --name demo-2 --no-start', 'berth import demo.berth --json'],
    ['The file is read and checked whole before anything is made.', 'With --json: the workspace.'],
  )
}
