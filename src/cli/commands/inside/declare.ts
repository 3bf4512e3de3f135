import { type Command, Option } from 'commander'
import { SIZE_NOTE } from '../../../shared/byte-size'
import { EDITORS } from '../../../shared/editor-link'
import { parseOutputSize, parseSeconds } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'
import { environmentOption, userOption } from '../../options/shared-options'
import type { ExecOptions } from './exec'
import type { OpenOptions } from './open'
import type { ShellOptions } from './shell'
import type { SshOptions } from './ssh'

/** Commands that reach into a workspace. */
export function addInside(program: Command, perform: Perform): void {
  const exec = program
    .command('exec')
    .description('run a command in a workspace')
    .argument('<name>', 'name or id of a workspace')
    .argument('<command...>', 'program and arguments, after --; no shell in between')
    .addOption(userOption())
    .option('--cwd <path>', 'directory to run it in')
    .addOption(environmentOption())
    .addOption(new Option('--timeout <seconds>', 'end it after this long').argParser(parseSeconds))
    .option('-t, --tty', 'give it a terminal of this size')
    .option('--start', 'start the workspace first if it is stopped')
    .option('--outside', 'in the workspace itself, even if its dev container is running')
    .addOption(
      new Option('--max-output <size>', 'cut its output after this much, as 500K or 8M (with --json: 8M)').argParser(parseOutputSize),
    )
    .option('--stdin', 'send standard input (as without --json)')
    .option('-n, --no-stdin', 'do not send standard input (as with --json)')
    .action((name: string, command: string[], options: ExecOptions) =>
      perform(async (context) => (await import('./exec')).execCommand(context, name, command, options)),
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
      SIZE_NOTE,
    ],
  )
  const shell = program
    .command('shell')
    .description('open a shell in a workspace on this terminal')
    .argument('<name>', 'name or id of a workspace')
    .addOption(userOption())
    .option('--cwd <path>', 'directory to start in')
    .option('--start', 'start the workspace first if it is stopped')
    .option('--outside', 'in the workspace itself, even if its dev container is running')
    .action((name: string, options: ShellOptions) =>
      perform(async (context) => (await import('./shell')).openShell(context, name, options)),
    )
  examples(shell, ['berth shell demo', 'berth shell demo --user root'], ['Exits with the shell’s code; 125 when Berth failed.'])
  const ssh = program
    .command('ssh')
    .description('log in to a workspace with this machine’s ssh, or run a command through it')
    .argument('<name>', 'name or id of a workspace')
    .argument('[command...]', 'what to run, after --; ssh puts its words together with spaces, for a shell inside')
    .option('--start', 'start the workspace first if it is stopped')
    .action((name: string, command: string[], options: SshOptions) =>
      perform(async (context) => (await import('./ssh')).openSsh(context, name, command, options)),
    )
  examples(
    ssh,
    ['berth ssh demo', 'berth ssh demo -- git -C repo status'],
    ['It reads Berth’s ssh config, and no other. Exits with the code of ssh; 125 when Berth failed.'],
  )
  const open = program
    .command('open')
    .description('open Berth’s page, or a workspace’s, in the browser, or a workspace in an editor; prints the address')
    .argument('[name]', 'name or id of a workspace; Berth’s own page if left out')
    .addOption(new Option('-e, --editor <editor>', 'in this editor instead').choices(EDITORS))
    .option('--print', 'only print the address')
    .action((name: string | undefined, options: OpenOptions) =>
      perform(async (context) => (await import('./open')).openWorkspace(context, name, options)),
    )
  examples(
    open,
    ['berth open demo', 'berth open demo --print', 'berth open demo --editor vscode'],
    [
      'Anyone with the address of the page controls this Berth, so keep it to yourself.',
      'Editors reach a workspace by ssh: “berth ssh-config install” comes first.',
    ],
  )
}
