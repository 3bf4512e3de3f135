import { withConnection } from '../connection'
import type { CliContext } from '../context'
import { EXIT } from '../exit-codes'
import { reportFailure, toFailure } from '../failure'
import { runOperations } from '../operations'
import { printJson, printLines } from '../output'

/** `stop` and `restart`, all names at once. Those that fail are told; the others are done all the same. */
export async function stopWorkspaces(context: CliContext, procedure: 'stop' | 'restart', names: readonly string[]): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const ids = new Map<string, string>()
    const results = await runOperations(
      context,
      client,
      unique(names).map((name) => async () => {
        const { operation, workspace } = await client.workspaces[procedure]({ workspace: name })
        ids.set(operation.id, workspace.id)
        return operation
      }),
    )
    const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const workspaces = await Promise.all(done.map(({ id }) => client.workspaces.get({ workspace: ids.get(id) ?? '' })))
    if (context.options.json) printOneOrMany(context, names.length, workspaces)
    else if (context.options.quiet)
      printLines(
        context,
        workspaces.map(({ name }) => name),
      )
    else
      printLines(
        context,
        workspaces.map(({ name, status }) => `${name} is ${status}`),
      )
    return reportAll(context, results)
  })
}

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
