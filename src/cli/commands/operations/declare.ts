import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'

export function addOperations(program: Command, perform: Perform): void {
  const operation = program.command('operation').description('list operations, and decide about those that cannot continue')
  operation
    .command('list')
    .description('operations in progress, and with --all the last 200 that ended')
    .option('--all', 'include those that ended')
    .action(({ all }: { all?: boolean }) =>
      perform(async (context) => (await import('./operations')).listOperations(context, { all: all === true })),
    )
  operation
    .command('show')
    .description('show its steps, what blocks it, and its notices')
    .argument('<id>', 'of the operation')
    .action((id: string) => perform(async (context) => (await import('./operations')).showOperation(context, id)))
  const decisions = [
    ['cancel', 'cancel it and undo its steps'],
    ['retry', 'retry now instead of waiting'],
    ['accept', 'end an operation that cannot continue, as failed; whatever it leaves behind is listed'],
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
