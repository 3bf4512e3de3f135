import { type Command, Option } from 'commander'
import { ENTRY_KINDS } from '../../../shared/library/entry-kinds'
import { examples, type Perform } from '../../options/command-tree'
import type { PullOptions } from './repository'
import type { EntryOptions } from './show'
import type { ApplyOptions, SaveOptions } from './templates'

/** Commands for the library: templates, skills and tools in a folder under git; one of them belongs to the family `berth template`. */
export function addLibrary(program: Command, perform: Perform, templates: Command): void {
  addSave(templates, perform)
  const library = program.command('library').description('templates, skills and tools for workspaces, in a folder under git')
  const list = library
    .command('list')
    .alias('ls')
    .description('list templates, skills and tools, with their problems')
    .addOption(new Option('--kind <kind>', 'only those').choices(ENTRY_KINDS))
    .action((options: EntryOptions) => perform(async (context) => (await import('./show')).listEntries(context, options)))
  examples(list, ['berth library list', 'berth library list --kind skill', 'berth library list --json'])
  const show = library
    .command('show')
    .description('show one template, skill or tool')
    .argument('<entry>', 'its name')
    .addOption(new Option('--kind <kind>', 'where several have the name').choices(ENTRY_KINDS))
    .action((id: string, options: EntryOptions) => perform(async (context) => (await import('./show')).showEntry(context, id, options)))
  examples(show, ['berth library show fullstack', 'berth library show python-dev --kind skill', 'berth library show fullstack --json'])
  const path = library
    .command('path')
    .description('print the folder of the library')
    .action(() => perform(async (context) => (await import('./show')).printPath(context)))
  examples(path, ['cd "$(berth library path)"', 'berth library path --json'])
  const apply = library
    .command('apply')
    .description('update a workspace to the library template it was created from')
    .argument('<name>', 'name or id of a workspace')
    .option('--dry-run', 'only list what would change')
    .option('-y, --yes', 'do not ask')
    .action((name: string, options: ApplyOptions) =>
      perform(async (context) => (await import('./templates')).applyTemplate(context, name, options)),
    )
  examples(
    apply,
    ['berth library apply demo --dry-run', 'berth library apply demo', 'berth library apply demo --yes --json'],
    ['Changes are listed first. If the image or distribution differs, the workspace is rebuilt, and a snapshot keeps its state.'],
  )
  addRepository(library, perform)
}

function addRepository(library: Command, perform: Perform): void {
  const simple = (name: 'init' | 'push' | 'abort' | 'continue', description: string, remarks: string[] = []) =>
    examples(
      library
        .command(name)
        .description(description)
        .action(() => perform(async (context) => (await import('./repository')).changeLibrary(context, name))),
      [`berth library ${name}`, `berth library ${name} --json`],
      [...remarks, 'With --json: the state of the library.'],
    )
  const status = library
    .command('status')
    .description('show the state of its git repository, and what you can do')
    .action(() => perform(async (context) => (await import('./repository')).showStatus(context)))
  examples(status, ['berth library status', 'berth library status --json'])
  simple('init', 'create the library, with five starter templates', ['A folder that already has files becomes a git repository as it is.'])
  const clone = library
    .command('clone')
    .description('clone a library')
    .argument('<url>', 'as you would pass it to git clone')
    .action((url: string) => perform(async (context) => (await import('./repository')).cloneLibrary(context, url)))
  examples(
    clone,
    ['berth library clone git@github.com:owner/library.git', 'berth library clone https://git.example.com/library.git --json'],
    [
      'git uses your logins on this machine and never prompts. Templates decide what runs in your workspaces, so clone only from people you trust.',
    ],
  )
  const pull = library
    .command('pull')
    .description('fetch and apply the remote’s commits, if nothing here is in the way')
    .option('--merge', 'merge if both sides have new commits; “abort” undoes a merge with conflicts')
    .addOption(
      new Option('--take-remote', 'switch to the remote’s history; local commits are kept as a branch with another name').conflicts(
        'merge',
      ),
    )
    .action((options: PullOptions) => perform(async (context) => (await import('./repository')).pullLibrary(context, options)))
  examples(pull, ['berth library pull', 'berth library pull --merge', 'berth library pull --json'])
  simple('push', 'push its commits to the remote')
  const commit = library
    .command('commit')
    .description('commit all changes')
    .argument('<message>', 'what has changed')
    .action((message: string) => perform(async (context) => (await import('./repository')).commitLibrary(context, message)))
  examples(commit, ["berth library commit 'Add a template for Go'", "berth library commit 'Add a skill' --json"])
  const diff = library
    .command('diff')
    .description('what differs from the last commit')
    .argument('[file]', 'below the library, such as skill/python-dev/SKILL.md; all changed files if left out')
    .action((file: string | undefined) => perform(async (context) => (await import('./repository')).diffLibrary(context, file)))
  examples(diff, ['berth library diff', 'berth library diff workspace-template/node.json'])
  const log = library
    .command('log')
    .description('its commits, newest first')
    .option('-n, --limit <number>', 'at most this many', '20')
    .action((options: { limit: string }) => perform(async (context) => (await import('./repository')).showLog(context, options)))
  examples(log, ['berth library log', 'berth library log --limit 5 --json'])
  simple('continue', 'finish a merge once its conflicts are resolved')
  simple('abort', 'abort a merge in progress')
}

function addSave(templates: Command, perform: Perform): void {
  const save = templates
    .command('save')
    .description('save the configuration of a workspace as a library template, without secrets')
    .argument('<name>', 'name or id of a workspace')
    .argument('<id>', 'name of the template')
    .option('--description <text>', 'what it is for')
    .option('--overwrite', 'replace an existing template with this name')
    .action((name: string, id: string, options: SaveOptions) =>
      perform(async (context) => (await import('./templates')).saveTemplate(context, name, id, options)),
    )
  examples(
    save,
    ['berth template save demo shop', "berth template save demo shop --description 'For the shop' --json"],
    ['Values of variables are secret and are left out; their names are listed.'],
  )
}
