import type { Command } from 'commander'
import { usageError } from '../../cli-error'
import type { CliContext } from '../../context'
import { manPage } from '../../man/man-page'

export async function printManPage(context: CliContext, program: Command): Promise<void> {
  if (context.options.json) throw usageError('A manual page is not JSON.', 'Leave --json out.')
  context.stdout.write(manPage(program, program.version() ?? ''))
}
