import type { Command } from 'commander'
import type { CliContext } from '../context'

/** Runs a command; the number it returns, if any, is the exit code. */
export type Perform = (command: (context: CliContext) => Promise<number> | Promise<void>) => Promise<void>

export interface Examples {
  lines: readonly string[]
  notes: readonly string[]
}

const EXAMPLES = new WeakMap<Command, Examples>()

/** Ends a command's help with notes and with lines to try. */
export function examples(command: Command, lines: string[], notes: string[] = []): Command {
  EXAMPLES.set(command, { lines, notes })
  const noteText = notes.length === 0 ? '' : `\n${notes.join('\n')}\n`
  return command.addHelpText('after', `${noteText}\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`)
}

export function examplesOf(command: Command): Examples {
  return EXAMPLES.get(command) ?? { lines: [], notes: [] }
}
