import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'
import { constraintOption, placeOption } from '../../options/shared-options'
import type { AdoptOptions } from './adopt'
import type { ExportOptions } from './export'
import type { ImportOptions } from './import'

/** Commands for whole workspaces that come from elsewhere, or go there. */
export function addArchives(program: Command, perform: Perform): void {
  const exporting = program
    .command('export')
    .description('write a whole workspace to one file; one that runs goes on running')
    .argument('<name>', 'name or id of a workspace')
    .option('-o, --output <file>', 'the file; NAME.berth in this folder if left out')
    .option('-f, --force', 'take the place of a file that is there')
    .option('--with-secrets', 'include variables and the credential of the repository')
    .action((name: string, options: ExportOptions) =>
      perform(async (context) => (await import('./export')).exportWorkspace(context, name, options)),
    )
  examples(
    exporting,
    ['berth export demo', 'berth export demo -o /backup/demo.berth --force', 'berth export demo --json'],
    ['What is in its home folder is in the file, whatever it is; only you can read it.', 'With --json: {file, bytes, workspace}.'],
  )
  const adopting = program
    .command('adopt')
    .description('take over a workspace of Perry’s, or of another Berth; without a name: list them')
    .argument('[other-name]', 'its name, or the name or id of its container')
    .option('--stop', 'stop it if it runs: its container is made anew, which takes some seconds')
    .option('--no-start', 'leave it stopped, and do not see whether it comes up')
    .action((name: string | undefined, options: AdoptOptions) =>
      perform(async (context) => (await import('./adopt')).adoptWorkspace(context, name, options)),
    )
  examples(
    adopting,
    ['berth adopt', 'berth adopt demo --stop', 'berth adopt demo --json'],
    ['Name, volumes, port, environment and what is installed stay. When it does not come up, all is taken back.'],
  )
  const importing = program
    .command('import')
    .description('make a workspace of a file that was exported')
    .argument('<file>', 'a file that “berth export” has written')
    .option('-n, --name <new-name>', 'name of the workspace; the one it had if left out')
    .option('--no-start', 'do not start it')
    .addOption(placeOption())
    .addOption(constraintOption())
    .action((file: string, options: ImportOptions) =>
      perform(async (context) => (await import('./import')).importWorkspace(context, file, options)),
    )
  examples(
    importing,
    ['berth import demo.berth', 'berth import demo.berth --name demo-2 --no-start', 'berth import demo.berth --json'],
    ['The file is read and checked whole before anything is made.', 'With --json: the workspace.'],
  )
}
