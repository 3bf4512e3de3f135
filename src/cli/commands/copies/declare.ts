import { type Command, Option } from 'commander'
import { examples, type Perform } from '../../options/command-tree'
import { constraintOption, placeOption } from '../../options/shared-options'
import type { CloneOptions } from './clone'
import type { RestoreOptions } from './snapshot'

const OF_WORKSPACE = 'name or id of a workspace'
const NEW_NAME = 'a-z, 0-9 and dashes; at most 63 characters'

/** Commands for copies of workspaces, and for what a workspace is called and used as. Returns the family `template`. */
export function addCopies(program: Command, perform: Perform): Command {
  const clone = program
    .command('clone')
    .description('make an exact copy of a workspace, which keeps running')
    .argument('<source>', OF_WORKSPACE)
    .argument('<new-name>', NEW_NAME)
    .option('--stop', 'stop the source for a clean copy; it is always started again')
    .option('--no-start', 'do not start the clone')
    .addOption(placeOption('engine or Swarm to create it on; the engine of the source if left out'))
    .addOption(constraintOption())
    .action((source: string, name: string, options: CloneOptions) =>
      perform(async (context) => (await import('./clone')).cloneWorkspace(context, source, name, options)),
    )
  examples(
    clone,
    [
      'berth clone demo demo-2',
      'berth clone demo demo-2 --stop --no-start',
      'berth clone demo demo-2 --engine nas',
      'berth clone demo demo-2 --json',
    ],
    [
      'Files, Docker volumes and installed software are copied. The clone has its own port, ssh host keys and id.',
      'With --json: the clone.',
    ],
  )
  addSnapshots(program, perform)
  const templates = addTemplates(program, perform)
  const rename = program
    .command('rename')
    .description('rename a workspace, running or not; its data, port and snapshots stay')
    .argument('<name>', OF_WORKSPACE)
    .argument('<new-name>', NEW_NAME)
    .action((name: string, newName: string) =>
      perform(async (context) => (await import('./identity')).renameWorkspace(context, name, newName)),
    )
  examples(rename, ['berth rename demo shop', 'berth rename demo shop --json'])
  const label = program
    .command('label')
    .description('set the label of a workspace')
    .argument('<name>', OF_WORKSPACE)
    .argument('[text]', 'at most 64 characters; in quotes if it has spaces')
    .option('--clear', 'remove the label')
    .action((name: string, text: string | undefined, options: { clear?: boolean }) =>
      perform(async (context) => (await import('./identity')).labelWorkspace(context, name, text, options)),
    )
  examples(label, ["berth label demo 'The shop, rewritten'", 'berth label demo --clear'])
  return templates
}

function addSnapshots(program: Command, perform: Perform): void {
  const snapshot = program.command('snapshot').description('save the disk state of a workspace, and return to it')
  const create = snapshot
    .command('create')
    .description('save the current disk state; the workspace keeps running')
    .argument('<name>', OF_WORKSPACE)
    .argument('[snapshot-name]', 'letters, digits, dashes, dots and underscores; by the time if left out')
    .action((name: string, snapshotName: string | undefined) =>
      perform(async (context) => (await import('./snapshot')).createSnapshot(context, name, snapshotName)),
    )
  examples(
    create,
    ['berth snapshot create demo', 'berth snapshot create demo before-upgrade', 'berth snapshot create demo --json'],
    ['With --json: the snapshot.'],
  )
  const list = snapshot
    .command('list')
    .alias('ls')
    .description('list the snapshots of a workspace, newest first')
    .argument('<name>', OF_WORKSPACE)
    .option('--measure', 'with their sizes; this may take a while')
    .action((name: string, options: { measure?: boolean }) =>
      perform(async (context) => (await import('./snapshot')).listSnapshots(context, name, options)),
    )
  examples(list, ['berth snapshot list demo', 'berth snapshot list demo --measure', 'berth snapshot list demo --json'])
  const restore = snapshot
    .command('restore')
    .description('return a workspace to a snapshot, or create another workspace from it')
    .argument('<name>', OF_WORKSPACE)
    .argument('<snapshot>', 'name or id of a snapshot')
    .option('-f, --force', 'even if it is running: it is stopped and started again')
    .addOption(new Option('--as <new-name>', 'create a workspace with this name, and leave this one as it is').conflicts('force'))
    .option('--no-start', 'with --as: do not start it')
    .action((name: string, reference: string, options: RestoreOptions) =>
      perform(async (context) => (await import('./snapshot')).restoreSnapshot(context, name, reference, options)),
    )
  examples(
    restore,
    [
      'berth snapshot restore demo before-upgrade',
      'berth snapshot restore demo before-upgrade --force',
      'berth snapshot restore demo before-upgrade --as demo-before',
    ],
    [
      'The state before is kept as an automatic snapshot, unless the setting snapshotBeforeRestore is false.',
      'With --json: the workspace.',
    ],
  )
  const remove = snapshot
    .command('delete')
    .description('delete a snapshot; cannot be undone')
    .argument('<name>', OF_WORKSPACE)
    .argument('<snapshot>', 'name or id of a snapshot')
    .option('-y, --yes', 'do not ask')
    .action((name: string, reference: string, options: { yes?: boolean }) =>
      perform(async (context) => (await import('./snapshot')).deleteSnapshot(context, name, reference, options)),
    )
  examples(
    remove,
    ['berth snapshot delete demo before-upgrade', 'berth snapshot delete demo before-upgrade --yes --json'],
    ['Without a terminal, --yes is required.'],
  )
}

function addTemplates(program: Command, perform: Perform): Command {
  const template = program.command('template').description('keep workspaces to create others from')
  const set = template
    .command('set')
    .description('turn a stopped workspace into a template, to be cloned and not started')
    .argument('<name>', OF_WORKSPACE)
    .action((name: string) => perform(async (context) => (await import('./identity')).setTemplate(context, name, true)))
  examples(set, ['berth template set demo', 'berth start demo-2 --template demo'], ['With --json: the workspace.'])
  const unset = template
    .command('unset')
    .description('turn a template back into a workspace')
    .argument('<template>', 'name or id of a template')
    .action((name: string) => perform(async (context) => (await import('./identity')).setTemplate(context, name, false)))
  examples(unset, ['berth template unset demo'], ['With --json: the workspace.'])
  const list = template
    .command('list')
    .alias('ls')
    .description('list all templates')
    .action(() => perform(async (context) => (await import('../../output/list-workspaces')).listWorkspaces(context, { templates: true })))
  examples(list, ['berth template list', 'berth template list --json'])
  return template
}
