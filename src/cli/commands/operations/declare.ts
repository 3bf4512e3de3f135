import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'

export function addOperations(program: Command, perform: Perform): void {
  const operation = program.command('operation').description('look at operations, and decide on those that cannot go on')
  operation
    .command('list')
    .description('those under way, and with --all the last 200 that ended')
    .option('--all', 'those that ended, too')
    .action(({ all }: { all?: boolean }) =>
      perform(async (context) => (await import('./operations')).listOperations(context, { all: all === true })),
    )
  operation
    .command('show')
    .description('its steps, what is in its way, and what it has to say')
    .argument('<id>', 'of the operation')
    .action((id: string) => perform(async (context) => (await import('./operations')).showOperation(context, id)))
  const decisions = [
    ['cancel', 'take back what was done'],
    ['retry', 'try again now what waits to be tried again'],
    ['accept', 'end one that cannot go on, as failed; what it leaves is told'],
  ] as const
  for (const [how, description] of decisions) {
    operation
      .command(how)
      .description(description)
      .argument('<id>', 'of the operation')
      .action((id: string) => perform(async (context) => (await import('./operations')).decide(context, id, how)))
  }
  examples(operation, ['berth operation list', 'berth operation show ID', 'berth operation accept ID'])
}
