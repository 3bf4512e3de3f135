import type { Command } from 'commander'
import { usageError } from '../../cli-error'
import { bashCompletion } from '../../completion/bash'
import { fishCompletion } from '../../completion/fish'
import { completionSpec } from '../../completion/spec'
import { zshCompletion } from '../../completion/zsh'
import type { CliContext } from '../../context'

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

export async function printCompletion(context: CliContext, program: Command, shell: keyof typeof SCRIPTS): Promise<void> {
  if (context.options.json) throw usageError('A completion script is not JSON.', 'Leave --json out.')
  context.stdout.write(SCRIPTS[shell](completionSpec(program)))
}
