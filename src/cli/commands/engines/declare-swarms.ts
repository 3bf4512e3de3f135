import { type Command, Option } from 'commander'
import { examples, type Perform } from '../../options/command-tree'
import type { GivenReachOptions } from './given-reach'

const OF_SWARM = 'name or id of a Swarm'

/** Commands for Docker Swarms, which choose nodes for workspaces. */
export function addSwarms(program: Command, perform: Perform): void {
  const swarm = program.command('swarm').description('Docker Swarms, which choose the node of a workspace')
  const list = swarm
    .command('list')
    .alias('ls')
    .description('list the Swarms that Berth uses; * marks the one for new workspaces')
    .action(() => perform(async (context) => (await import('./swarms')).listSwarms(context)))
  examples(list, ['berth swarm list', 'berth swarm list --quiet', 'berth swarm list --json'])
  const nodes = swarm
    .command('nodes')
    .description('list the nodes of a Swarm, with their state, how Berth reaches them, and their workspaces')
    .argument('<swarm>', OF_SWARM)
    .action((reference: string) => perform(async (context) => (await import('./swarms')).listNodes(context, reference)))
  examples(
    nodes,
    ['berth swarm nodes team', 'berth swarm nodes team --json'],
    [
      'A node whose engine Berth cannot reach gets no workspaces; the list says why.',
      'With --json: its nodes. With --quiet: their host names.',
    ],
  )
  const add = swarm
    .command('add')
    .description('use a Swarm: from then on “--engine NAME” lets it choose the node of a workspace')
    .argument('<new-name>', 'what to call it: letters, digits, dots, dashes and underscores; at most 40 characters')
    .argument('[engine]', 'name or id of an engine that is a manager of it; left out, the one for new workspaces')
    .addOption(ruleOption())
    .addOption(nodeOption('the engine of one node, as often as needed; instead of what the rule says'))
    .addOption(tlsOption())
    .option('--stay-on-drain', 'leave workspaces where they are when their node is drained; left out, Berth moves them')
    .action((name: string, engine: string | undefined, options: GivenReachOptions) =>
      perform(async (context) => (await import('./add-swarm')).addSwarm(context, name, engine, options)),
    )
  examples(
    add,
    [
      'berth swarm add team nas --rule ssh://me@{hostname}',
      'berth swarm add team nas --rule tcp://{address}:2376 --tls ~/.docker/team',
      'berth swarm add team --node worker-1=ssh://me@10.0.0.5 --node worker-2=context:worker-2',
    ],
    [
      'In an address {hostname}, {address} and {id} stand for the node’s. context:NAME is a Docker context.',
      'Each node’s engine is listed among the engines, as NAME.HOSTNAME. With --json: the Swarm.',
    ],
  )
  const set = swarm
    .command('set')
    .description('change where the nodes of a Swarm are reached, and what happens when one is drained')
    .argument('<swarm>', OF_SWARM)
    .addOption(ruleOption())
    .option('--no-rule', 'have no rule: only nodes with an address of their own are reached')
    .addOption(nodeOption('the engine of one node, as often as needed; HOSTNAME= forgets it'))
    .addOption(tlsOption())
    .option('--no-tls', 'have no folder of TLS files')
    .option('--stay-on-drain', 'leave workspaces where they are when their node is drained')
    .option('--no-stay-on-drain', 'move workspaces away when their node is drained')
    .action((reference: string, options: GivenReachOptions) =>
      perform(async (context) => (await import('./add-swarm')).setSwarm(context, reference, options)),
    )
  examples(
    set,
    [
      'berth swarm set team --rule ssh://me@{hostname}.example',
      'berth swarm set team --no-rule --node worker-1=ssh://me@10.0.0.5',
      'berth swarm set team --node worker-1= --stay-on-drain',
    ],
    ['What is left out stays as it is. With --json: the Swarm.'],
  )
  const use = swarm
    .command('use')
    .description('let a Swarm place new workspaces from now on')
    .argument('<swarm>', OF_SWARM)
    .action((reference: string) => perform(async (context) => (await import('./swarms')).useSwarm(context, reference)))
  examples(
    use,
    ['berth swarm use team'],
    ['“berth engine use ENGINE” goes back to one engine. “berth start NAME --engine team” chooses for one. With --json: the Swarm.'],
  )
  const remove = swarm
    .command('remove')
    .alias('rm')
    .description('stop using a Swarm; refused while it has workspaces')
    .argument('<swarm>', OF_SWARM)
    .action((reference: string) => perform(async (context) => (await import('./swarms')).removeSwarm(context, reference)))
  examples(remove, ['berth swarm remove team'], ['The Swarm itself stays as it is. With --json: the Swarm that was removed.'])
}

function ruleOption(): Option {
  return new Option('--rule <address>', 'where the engine of each node is, such as ssh://me@{hostname}')
}

function nodeOption(help: string): Option {
  return new Option('--node <hostname=address>', help).argParser((value: string, before: string[] = []) => [...before, value])
}

function tlsOption(): Option {
  return new Option('--tls <folder>', 'with ca.pem, cert.pem and key.pem, for tcp://')
}
