import type { CliContext } from '../context'
import { EXIT } from '../exit-codes'
import { reportFailure, toFailure } from '../failure'
import { printJson } from './output'

/** Each name once, in the order given. */
export function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** For one name its document; for several an array of those that succeeded. Nothing for one that failed. */
export function printOneOrMany(context: CliContext, asked: number, documents: readonly unknown[]): void {
  if (asked > 1) printJson(context, documents)
  else if (documents.length > 0) printJson(context, documents[0])
}

/** Tells each failure; the exit code of them all. */
export async function reportAll(context: CliContext, results: readonly PromiseSettledResult<unknown>[]): Promise<number> {
  let exitCode: number = EXIT.ok
  for (const result of results) {
    if (result.status === 'fulfilled') continue
    const failure = await toFailure(result.reason)
    reportFailure(context, failure)
    exitCode = failure.exitCode
  }
  return exitCode
}
