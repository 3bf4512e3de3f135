import { type Command, Option } from 'commander'
import { examples, type Perform } from '../../options/command-tree'
import { constraintOption, placeOption } from '../../options/shared-options'
import type { AddEngineOptions } from './add-engine'
import type { GivenEngineOptions } from './given-engine'
import type { MoveToEngineOptions } from './move'

/** Commands for the engines that workspaces are on. */
export function addEngines(program: Command, perform: Perform): void {
  const engine = program.command('engine').description('the engines that workspaces are on')
  const list = engine
    .command('list')
    .alias('ls')
    .description('list the engines that Berth uses; * marks the one for new workspaces')
    .action(() => perform(async (context) => (await import('./engines')).listEngines(context)))
  examples(list, ['berth engine list', 'berth engine list --quiet', 'berth engine list --json'])
  const add = engine
    .command('add')
    .description('use another engine; Berth connects to it first')
    .argument('<new-name>', 'what to call it: letters, digits, dots, dashes and underscores; at most 40 characters')
    .argument('[address]', 'ssh://user@host, tcp://host:2376, or the path of a socket')
    .addOption(contextOption())
    .addOption(tlsOption())
    .option('--use', 'make new workspaces on it from now on')
    .action((name: string, address: string | undefined, options: AddEngineOptions) =>
      perform(async (context) => (await import('./add-engine')).addEngine(context, name, address, options)),
    )
  examples(
    add,
    [
      'berth engine add nas ssh://me@nas.local',
      'berth engine add build tcp://build.example:2376 --tls ~/.docker/build --use',
      'berth engine add podman /run/podman/podman.sock',
      'berth engine add desktop --context desktop-linux',
    ],
    ['“berth engine found” lists those that need no address: “berth engine use NAME” adds them. With --json: the engine.'],
  )
  const use = engine
    .command('use')
    .description('make new workspaces on an engine from now on; one that was found is added first')
    .argument('<engine>', 'name or id of an engine, or a name from “berth engine found”')
    .action((reference: string) => perform(async (context) => (await import('./add-engine')).useEngine(context, reference)))
  examples(
    use,
    ['berth engine use nas', 'berth engine use local'],
    ['Workspaces stay on the engine that they are on. “berth start NAME --engine ENGINE” chooses for one. With --json: the engine.'],
  )
  const remove = engine
    .command('remove')
    .alias('rm')
    .description('stop using an engine; refused while workspaces or snapshots are on it')
    .argument('<engine>', 'name or id of an engine')
    .action((reference: string) => perform(async (context) => (await import('./engines')).removeEngine(context, reference)))
  examples(remove, ['berth engine remove nas'], ['With --json: the engine that was removed.'])
  const test = engine
    .command('test')
    .description('connect to an engine, and show what it is or why it is not responding')
    .argument('[engine]', 'name or id of an engine, or an address of one that is not used')
    .addOption(contextOption())
    .addOption(tlsOption())
    .action((target: string | undefined, options: GivenEngineOptions) =>
      perform(async (context) => (await import('./test-engine')).testEngine(context, target, options)),
    )
  examples(
    test,
    ['berth engine test nas', 'berth engine test ssh://me@nas.local', 'berth engine test --context desktop-linux --json'],
    ['The exit code is 1 if it is not responding. With --json: its state.'],
  )
  const trust = engine
    .command('trust')
    .description('trust the ssh host key of an engine’s machine')
    .argument('<address>', 'ssh://USER@HOST')
    .argument('<fingerprint>', 'of the key, as the refused connection has shown it')
    .action((address: string, fingerprint: string) =>
      perform(async (context) => (await import('./test-engine')).trustHost(context, address, fingerprint)),
    )
  examples(
    trust,
    ['berth engine trust ssh://me@nas.local SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'],
    ['Ask whoever runs the machine for its fingerprint: “ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub” prints it there.'],
  )
  const move = program
    .command('move')
    .description('move a workspace to another engine or a Swarm, with its files, installed software and snapshots')
    .argument('<name>', 'name or id of a workspace')
    .addOption(placeOption('name or id of the engine or Swarm to move to').makeOptionMandatory())
    .addOption(constraintOption())
    .option('--drop-snapshots', 'delete its snapshots at the end, instead of moving them')
    .action((name: string, options: MoveToEngineOptions) =>
      perform(async (context) => (await import('./move')).moveToEngine(context, name, options)),
    )
  examples(
    move,
    ['berth move demo --engine nas', 'berth move demo --engine local --drop-snapshots', 'berth move demo --engine nas --json'],
    ['It keeps running and stops only for the last part. Its ssh name and keys stay. If the move fails, everything is undone.'],
  )
  const found = engine
    .command('found')
    .description('list the engines of this machine, of Docker’s contexts and of Podman’s connections, used or not')
    .action(() => perform(async (context) => (await import('./engines')).listFound(context)))
  examples(found, ['berth engine found', 'berth engine found --json'])
}

function contextOption(): Option {
  return new Option('--context <context>', 'a Docker context, instead of an address')
}

function tlsOption(): Option {
  return new Option('--tls <folder>', 'with ca.pem, cert.pem and key.pem, for tcp://')
}
