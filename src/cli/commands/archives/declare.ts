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
    .description('export a whole workspace to one file, even while it is running')
    .argument('<name>', 'name or id of a workspace')
    .option('-o, --output <file>', 'the file; NAME.berth in this folder if left out')
    .option('-f, --force', 'replace an existing file')
    .option('--with-secrets', 'include environment variables and the repository credential')
    .action((name: string, options: ExportOptions) =>
      perform(async (context) => (await import('./export')).exportWorkspace(context, name, options)),
    )
  examples(
    exporting,
    ['berth export demo', 'berth export demo -o /backup/demo.berth --force', 'berth export demo --json'],
    ['The file contains everything in the home folder, and only you can read it.', 'With --json: {file, bytes, workspace}.'],
  )
  const adopting = program
    .command('adopt')
    .description('take over a workspace from Perry or another Berth; without a name, list them')
    .argument('[other-name]', 'its name, or the name or id of its container')
    .option('--stop', 'stop it if it is running; recreating its container takes a few seconds')
    .option('--no-start', 'leave it stopped, without checking that it starts')
    .action((name: string | undefined, options: AdoptOptions) =>
      perform(async (context) => (await import('./adopt')).adoptWorkspace(context, name, options)),
    )
  examples(
    adopting,
    ['berth adopt', 'berth adopt demo --stop', 'berth adopt demo --json'],
    ['Name, volumes, port, environment and installed software stay. If it does not start, everything is undone.'],
  )
  const importing = program
    .command('import')
    .description('create a workspace from an exported file')
    .argument('<file>', 'a file written by “berth export”')
    .option('-n, --name <new-name>', 'name of the workspace; the one in the file if left out')
    .option('--no-start', 'do not start it')
    .addOption(placeOption())
    .addOption(constraintOption())
    .action((file: string, options: ImportOptions) =>
      perform(async (context) => (await import('./import')).importWorkspace(context, file, options)),
    )
  examples(
    importing,
    ['berth import demo.berth', 'berth import demo.berth --name demo-2 --no-start', 'berth import demo.berth --json'],
    ['The whole file is checked before anything is created.', 'With --json: the workspace.'],
  )
}
