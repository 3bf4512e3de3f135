import { Argument, Command, Option } from 'commander'
import { EDITORS } from '../shared/editor-link'
import { addArchives } from './archive-commands'
import {
  collect,
  parseFraction,
  parseLineCount,
  parseOutputSize,
  parsePattern,
  parsePort,
  parseSeconds,
  parseTime,
  parseWhole,
} from './arguments'
import { examples, type Perform } from './command-tree'
import type { CreationOptions } from './commands/creation-input'
import type { ExecOptions } from './commands/exec'
import type { LogsOptions } from './commands/logs'
import type { OpenOptions } from './commands/open'
import type { ShellOptions } from './commands/shell'
import { COMPLETED_KINDS, type CompletedKind } from './completed-names'
import { addCopies } from './copy-commands'
import { parseSize } from './format/parse-size'
import { addLimit } from './limit-commands'
import { LOG_SOURCES } from './log-sources'
import { addPorts } from './port-commands'
import { SETTING_KEYS } from './setting-keys'
import { addSshConfig } from './ssh-commands'
import { addStorage } from './storage-commands'

/**
 * The tree of commands. Each loads its code when it runs, so that none pays for another's. Must stay free of side effects:
 * completion and tests build it only to look at it.
 */
export function buildProgram(version: string, perform: Perform): Command {
  const program = new Command('berth')
    .description('Isolated, persistent development workspaces on your own Docker engine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .option('--json', 'print one JSON document on stdout and nothing else; errors as JSON on stderr')
    .option('-q, --quiet', 'print names only, and no progress')
    .option('--verbose', 'tell each step on stderr')
    .option('--no-autostart', 'fail instead of starting Berth in the background (also: BERTH_AUTOSTART=0)')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showSuggestionAfterError(true)
  addLifecycle(program, perform)
  addCopies(program, perform)
  addArchives(program, perform)
  addStorage(program, perform)
  addLimit(program, perform)
  addInspection(program, perform)
  addInside(program, perform)
  addPorts(program, perform)
  addSshConfig(program, perform)
  addBerth(program, perform)
  examples(program, ['berth start demo --clone https://github.com/owner/repo.git', 'berth shell demo', 'berth list'])
  return program
}

function addLifecycle(program: Command, perform: Perform): void {
  for (const name of ['start', 'create'] as const) {
    const command = program
      .command(name)
      .description(
        name === 'start'
          ? 'start a workspace; made first if there is none of that name'
          : 'make and start a workspace; refused if the name is taken',
      )
      .argument('<name>', 'a-z, 0-9 and dashes; at most 63 characters')
      .option('-c, --clone <url>', 'git repository, cloned into /home/workspace/repo when the workspace is made')
      .option('-i, --image <reference>', 'image instead of Berth’s own')
      .addOption(environmentOption())
      .option('-l, --label <text>', 'what you call it')
      .addOption(
        // It brings a repository and an image of its own.
        new Option('-t, --template <template>', 'make it as a clone of this template').conflicts(['clone', 'image']),
      )
      .addOption(new Option('--limit-disk <size>', 'what it may take on disk, such as 50G').argParser(parseSize))
      .addOption(new Option('--limit-memory <size>', 'memory it may use, such as 4G').argParser(parseSize))
      .addOption(new Option('--limit-cpus <number>', 'processors it may use, such as 1.5').argParser(parseFraction))
      .addOption(new Option('--limit-processes <number>', 'processes and threads it may have at once').argParser(parseWhole))
      .action((workspace: string, options: CreationOptions) =>
        perform(async (context) => (await import('./commands/start')).startWorkspace(context, name, workspace, options)),
      )
    examples(command, [
      `berth ${name} demo`,
      `berth ${name} api --clone git@github.com:owner/api.git --env NODE_ENV=development`,
      `berth ${name} demo --template base`,
      `berth ${name} demo --limit-disk 20G --limit-memory 4G`,
      `berth ${name} demo --json`,
    ])
  }
  for (const name of ['stop', 'restart'] as const) {
    const command = program
      .command(name)
      .description(name === 'stop' ? 'stop workspaces; their files and ports are kept' : 'stop workspaces, then start them')
      .argument('<names...>', 'names or ids of workspaces')
      .action((names: string[]) => perform(async (context) => (await import('./commands/stop')).stopWorkspaces(context, name, names)))
    examples(
      command,
      [`berth ${name} demo`, `berth ${name} $(berth list --quiet)`],
      ['With --json: the workspace, or for several names an array of those that succeeded.'],
    )
  }
  const remove = program
    .command('delete')
    .description('delete workspaces with all their files; cannot be undone')
    .argument('<names...>', 'names or ids of workspaces')
    .option('-y, --yes', 'do not ask')
    .action((names: string[], options: { yes?: boolean }) =>
      perform(async (context) => (await import('./commands/delete')).deleteWorkspaces(context, names, options)),
    )
  examples(remove, ['berth delete demo', 'berth delete demo --yes --json'], ['Without a terminal to ask on, --yes is needed.'])
}

function addInspection(program: Command, perform: Perform): void {
  const list = program
    .command('list')
    .alias('ls')
    .description('list all workspaces, and templates apart from them')
    .option('--templates', 'templates only')
    .action((options: { templates?: boolean }) =>
      perform(async (context) => (await import('./commands/list')).listWorkspaces(context, options)),
    )
  examples(
    list,
    ['berth list', 'berth list --quiet', 'berth list --templates', 'berth list --json'],
    ['--quiet leaves templates out; with --json each has “template”.'],
  )
  const info = program
    .command('info')
    .description('show one workspace; without a name Berth, the engine and how many workspaces there are')
    .argument('[name]', 'name or id of a workspace')
    .action((name: string | undefined) => perform(async (context) => (await import('./commands/info')).showInfo(context, name)))
  examples(info, ['berth info', 'berth info demo', 'berth info demo --json'])
  const stats = program
    .command('stats')
    .description('show what running workspaces use, live')
    .argument('[names...]', 'names or ids of workspaces; all that run if left out')
    .option('--once', 'one sample of each, then end')
    .action((names: string[], options: { once?: boolean }) =>
      perform(async (context) => (await import('./commands/stats')).showStats(context, names, options)),
    )
  examples(
    stats,
    ['berth stats', 'berth stats demo --once --json'],
    ['With --json: one JSON document a line, as they come; with --once an array.', 'Without a terminal: --once.'],
  )
  const logs = program
    .command('logs')
    .description('print a log of a workspace')
    .argument('<name>', 'name or id of a workspace')
    .option('-f, --follow', 'go on as more comes')
    .addOption(
      new Option('-n, --tail <lines>', 'lines from the end (1000; all, with --since, --until or --grep)').argParser(parseLineCount),
    )
    .option('-t, --timestamps', 'put the time before each line')
    .addOption(
      new Option('--since <time>', 'only lines from then on: 10m, 2h, 1d ago, or a time as 2026-01-31T12:00:00Z').argParser(parseTime),
    )
    .addOption(new Option('--until <time>', 'only lines up to then').argParser(parseTime).conflicts('follow'))
    .addOption(new Option('--grep <pattern>', 'only lines that match this regular expression').argParser(parsePattern))
    .addOption(new Option('-s, --source <source>', 'which log').choices(LOG_SOURCES).default('container'))
    .option('--sources', 'only list which logs there are')
    .action((name: string, options: LogsOptions) =>
      perform(async (context) => (await import('./commands/logs')).showLogs(context, name, options)),
    )
  examples(
    logs,
    ['berth logs demo -n 50', 'berth logs demo --follow --grep error', 'berth logs demo --source engine --since 10m'],
    [
      'The lines of --tail are counted before --since, --until and --grep are looked at.',
      'With --json: an array of lines; with --follow too: one JSON document a line, as they come.',
    ],
  )
}

function addInside(program: Command, perform: Perform): void {
  const exec = program
    .command('exec')
    .description('run a command in a workspace')
    .argument('<name>', 'name or id of a workspace')
    .argument('<command...>', 'program and arguments, after --; no shell in between')
    .addOption(userOption())
    .option('--cwd <path>', 'directory to run it in')
    .addOption(environmentOption())
    .addOption(new Option('--timeout <seconds>', 'end it after this long').argParser(parseSeconds))
    .option('-t, --tty', 'give it a terminal, of the size of this one')
    .option('--start', 'start the workspace first if it is stopped')
    .addOption(
      new Option('--max-output <size>', 'cut its output after this much, as 500K or 8M (with --json: 8M)').argParser(parseOutputSize),
    )
    .option('--stdin', 'send standard input (as without --json)')
    .option('-n, --no-stdin', 'do not send standard input (as with --json)')
    .action((name: string, command: string[], options: ExecOptions) =>
      perform(async (context) => (await import('./commands/exec')).execCommand(context, name, command, options)),
    )
  examples(
    exec,
    [
      'berth exec demo -- git -C repo status',
      "berth exec demo --user root -- sh -c 'apt-get update && apt-get install -y tree'",
      'berth exec demo --json --timeout 10 -- uname -a',
      'berth exec demo --start --tty -- top',
    ],
    [
      'Ctrl-C interrupts the command; a second one ends it with all it started.',
      'Exits with the command’s code; 124 when it took longer than --timeout, 125 when Berth failed to run it.',
      'With --json: {exitCode, stdout, stderr, timedOut, truncated} when it has ended; standard input only with --stdin.',
    ],
  )
  const shell = program
    .command('shell')
    .description('open a shell in a workspace on this terminal')
    .argument('<name>', 'name or id of a workspace')
    .addOption(userOption())
    .option('--cwd <path>', 'directory to start in')
    .option('--start', 'start the workspace first if it is stopped')
    .action((name: string, options: ShellOptions) =>
      perform(async (context) => (await import('./commands/shell')).openShell(context, name, options)),
    )
  examples(shell, ['berth shell demo', 'berth shell demo --user root'], ['Exits with the shell’s code; 125 when Berth failed.'])
  const open = program
    .command('open')
    .description('open Berth’s page, or a workspace’s, in the browser, or a workspace in an editor; prints the address')
    .argument('[name]', 'name or id of a workspace; Berth’s own page if left out')
    .addOption(new Option('-e, --editor <editor>', 'in this editor instead').choices(EDITORS))
    .option('--print', 'only print the address')
    .action((name: string | undefined, options: OpenOptions) =>
      perform(async (context) => (await import('./commands/open')).openWorkspace(context, name, options)),
    )
  examples(
    open,
    ['berth open demo', 'berth open demo --print', 'berth open demo --editor vscode'],
    [
      'Whoever has the address of the page has this Berth: do not pass it on.',
      'Editors reach a workspace by ssh: “berth ssh-config install” comes first.',
    ],
  )
}

function addBerth(program: Command, perform: Perform): void {
  const build = program
    .command('build')
    .description('build the workspace image berth:latest from the bundled Dockerfile')
    .option('--base <reference>', 'base image instead of the Dockerfile’s own')
    .option('--no-cache', 'build every layer anew')
    .action((options: { base?: string; cache: boolean }) =>
      perform(async (context) => (await import('./commands/build')).buildImage(context, options)),
    )
  examples(build, ['berth build', 'berth build --base debian:13-slim --no-cache'])
  addSettings(program, perform)
  const serve = program
    .command('serve')
    .description('serve the browser page and the API in the foreground')
    .addOption(new Option('-p, --port <port>', 'port on 127.0.0.1').argParser(parsePort))
    .action((options: { port?: number }) => perform(async (context) => (await import('./commands/serve')).serve(context, options)))
  examples(serve, ['berth serve', 'berth serve --port 8080'])
  const quit = program
    .command('quit')
    .description('end the Berth that runs; workspaces go on running')
    .action(() => perform(async (context) => (await import('./commands/quit')).quitBerth(context)))
  examples(quit, ['berth quit'])
  const completion = program
    .command('completion')
    .description('print a completion script for your shell')
    .addArgument(new Argument('<shell>', 'whose script').choices(['bash', 'zsh', 'fish']))
    .action((shell: 'bash' | 'zsh' | 'fish') =>
      perform(async (context) => (await import('./commands/print-completion')).printCompletion(context, program, shell)),
    )
  examples(completion, [
    'source <(berth completion bash)',
    `berth completion zsh > "\${fpath[1]}/_berth"`,
    'berth completion fish > ~/.config/fish/completions/berth.fish',
  ])
  program
    .command('__complete', { hidden: true })
    .description('names of workspaces, of templates or of the snapshots of a workspace, for completion')
    .addArgument(new Argument('[what]').choices(COMPLETED_KINDS).default('workspace'))
    .argument('[workspace]')
    .action((what: CompletedKind, workspace: string | undefined) =>
      perform(async (context) => (await import('./commands/complete')).completeNames(context, what, workspace)),
    )
}

function addSettings(program: Command, perform: Perform): void {
  const settings = program.command('settings').description('show and change settings')
  const key = (flags: string) => new Argument(flags, SETTING_KEYS.join(', ')).choices(SETTING_KEYS)
  const get = settings
    .command('get')
    .description('print all settings, or one')
    .addArgument(key('[key]'))
    .action((name: string | undefined) => perform(async (context) => (await import('./commands/settings')).getSettings(context, name)))
  examples(get, ['berth settings get', 'berth settings get sshPorts'])
  const set = settings
    .command('set')
    .description('change one setting')
    .addArgument(key('<key>'))
    .argument('<values...>', 'its value; for env NAME=VALUE as often as needed')
    .action((name: string, values: string[]) =>
      perform(async (context) => (await import('./commands/settings')).setSetting(context, name, values)),
    )
  examples(
    set,
    ['berth settings set sshPorts 2200-2300', 'berth settings set image default', 'berth settings set env EDITOR=vim LANG=C.UTF-8'],
    ["“default” leaves engineEndpoint, image and terminalFontFamily to Berth; an empty value ('') empties env."],
  )
}

function environmentOption(): Option {
  return new Option('-e, --env <name=value>', 'variable, as often as needed; NAME alone passes on your own')
    .argParser(collect)
    .default([], 'none')
}

function userOption(): Option {
  // The choices are for completion: any other user's name or number inside is taken too.
  return new Option('-u, --user <user>', 'who runs it, or the name or number of another user inside')
    .choices(['workspace', 'root'])
    .argParser((value) => value)
    .default('workspace')
}
