import { createInterface } from 'node:readline/promises'
import { CliError } from '../cli-error'
import type { CliContext } from '../context'
import { paintFor } from './format/paint'
import { writeText } from './output'

export interface Question {
  heading: string
  /** What goes, or changes, one line each. */
  losses: readonly string[]
  question: string
  /** To be typed instead of a yes, where a yes is too easily said. */
  mustType?: string
  /** What is said when it is not done. */
  declined?: string
}

export function someoneToAsk(context: CliContext): boolean {
  return context.stdin().isTTY === true && context.stderr.isTTY === true
}

/** Asks before something is deleted or changed. Throws NOT_CONFIRMED unless the answer is yes. */
export async function confirm(
  context: CliContext,
  { heading, losses, question, mustType, declined = 'Nothing was deleted.' }: Question,
): Promise<void> {
  const paint = paintFor(context.stderr, context.env)
  writeText(context.stderr, `${[paint('bold', heading), ...losses].join('\n')}\n`)
  const answer = await ask(context, mustType === undefined ? `${question} [y/N] ` : `Type ${mustType} to delete it: `)
  if (mustType === undefined ? ['y', 'yes'].includes(answer.toLowerCase()) : answer === mustType) return
  throw new CliError('NOT_CONFIRMED', declined)
}

/** '' when the input ends or the question is interrupted. */
async function ask(context: CliContext, question: string): Promise<string> {
  const lines = createInterface({ input: context.stdin(), output: context.stderr, terminal: true })
  const gone = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''))
    lines.once('SIGINT', () => {
      context.stderr.write('\n')
      lines.close()
    })
  })
  try {
    return (await Promise.race([lines.question(question), gone])).trim()
  } finally {
    lines.close()
  }
}
