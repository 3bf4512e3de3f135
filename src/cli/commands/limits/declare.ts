import type { Command } from 'commander'
import { SIZE_NOTE } from '../../../shared/byte-size'
import { examples, type Perform } from '../../options/command-tree'
import { type ConfigurationOptions, givenLimits, limitOptions } from '../../options/configuration-options'

export function addLimit(program: Command, perform: Perform): void {
  const limit = program
    .command('limit')
    .description('limit what a workspace may use, even while it is running; without an option, show its limits')
    .argument('<name>', 'name or id of a workspace')
    .action((name: string, options: ConfigurationOptions) =>
      perform(async (context) => (await import('./limit')).limitWorkspace(context, name, givenLimits(options))),
    )
  for (const option of limitOptions()) limit.addOption(option)
  examples(limit, ['berth limit demo', 'berth limit demo --cpus 2 --memory 4G', 'berth limit demo --memory none'], [SIZE_NOTE])
}
