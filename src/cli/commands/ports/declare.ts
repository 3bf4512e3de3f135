import { type Command, Option } from 'commander'
import { parsePort, parsePortPair } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'
import type { PortOptions, ProxyWish } from './ports'

/** Commands for reaching what listens in a workspace. */
export function addPorts(program: Command, perform: Perform): void {
  const ports = program.command('ports').description('what listens in a workspace, and the ports of this machine that lead there')
  const list = ports
    .command('list', { isDefault: true })
    .description('list what listens, and what is forwarded')
    .argument('<workspace>', 'name or id of a workspace')
    .action((workspace: string) => perform(async (context) => (await import('./ports')).listPorts(context, workspace)))
  examples(list, ['berth ports demo', 'berth ports list demo --json'])
  const add = ports
    .command('add')
    .description('forward a port of this machine, on loopback, to one in a workspace; remembered')
    .argument('<workspace>', 'name or id of a workspace')
    .argument('<port[:local]>', 'the port inside and, if it is to be another, the one on this machine', parsePortPair)
    .addOption(containerOption())
    .action((workspace: string, [port, localPort]: [number, number | undefined], options: PortOptions) =>
      perform(async (context) => (await import('./ports')).addPort(context, workspace, { ...options, port, localPort })),
    )
  examples(
    add,
    ['berth ports add demo 3000', 'berth ports add demo 80:8080', 'berth ports add demo 5432 --container db'],
    ['Where the port is taken on this machine the next free one is used, and said.'],
  )
  const remove = ports
    .command('remove')
    .description('end a forward, and forget it')
    .argument('<workspace>', 'name or id of a workspace')
    .argument('<port>', 'the port inside', parsePort)
    .addOption(containerOption())
    .action((workspace: string, port: number, options: PortOptions) =>
      perform(async (context) => (await import('./ports')).removePort(context, workspace, port, options)),
    )
  examples(remove, ['berth ports remove demo 3000'])
  const proxy = program
    .command('proxy')
    .description('forward ports for as long as this command runs')
    .argument('<workspace>', 'name or id of a workspace')
    .argument('<[local:]port...>', 'the port inside; before it, if it is to be another, the one on this machine', collectWishes)
    .action((workspace: string, wishes: ProxyWish[]) =>
      perform(async (context) => (await import('./ports')).proxyPorts(context, workspace, wishes)),
    )
  examples(proxy, ['berth proxy demo 8080', 'berth proxy demo 8080 3000:80'], ['Ends with Ctrl-C.'])
}

function collectWishes(value: string, before: ProxyWish[] | undefined): ProxyWish[] {
  const [first, second] = parsePortPair(value)
  return [...(before ?? []), second === undefined ? { port: first } : { port: second, localPort: first }]
}

function containerOption(): Option {
  return new Option('--container <name>', 'a nested container that does not publish the port')
}
