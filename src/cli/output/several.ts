import type { CliContext } from '../context'
import { EXIT } from '../exit-codes'
import { reportFailure, toFailure } from '../failure'
import { printJson, remark } from './output'

/** Each name once, in the order given. */
export function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** For one name its document; for several an array of those that succeeded. Nothing for one that failed. */
export function printOneOrMany(context: CliContext, asked: number, documents: readonly unknown[]): void {
  if (asked > 1) printJson(context, documents)
  else if (documents.length > 0) printJson(context, documents[0])
}

/** Tells each failure, of several with the name of what it is of, and how many there were. @returns the exit code of them all. */
export async function reportAll(
  context: CliContext,
  results: readonly PromiseSettledResult<unknown>[],
  names: readonly string[] = [],
): Promise<number> {
  let exitCode: number = EXIT.ok
  let failures = 0
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue
    const failure = await toFailure(result.reason)
    const name = results.length > 1 ? names[index] : undefined
    const isNamed = name === undefined || failure.message.includes(name)
    reportFailure(context, isNamed ? failure : { ...failure, message: `${name}: ${failure.message}` })
    exitCode = failure.exitCode
    failures++
  }
  if (failures > 0 && results.length > 1 && !context.options.json) remark(context, `${failures} of ${results.length} failed.`)
  return exitCode
}
