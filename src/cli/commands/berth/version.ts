import type { CliContext } from '../../context'
import { printJson, printLines } from '../../output/output'

/** Of the command; `berth info` tells that of the Berth that runs. */
export async function printVersion(context: CliContext, version: string): Promise<void> {
  if (context.options.json) printJson(context, { version })
  else printLines(context, [version])
}
