import type { BerthClient } from '../../../shared/contract/contract'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperations } from '../../operations'
import { printLines } from '../../output/output'
import { printOneOrMany, reportAll, unique } from '../../output/several'

/** What a client answers when an operation on a workspace has begun. */
type Begin = (client: BerthClient, workspace: string) => ReturnType<BerthClient['workspaces']['restart']>

/** Begins an operation on all names at once, and prints the workspaces as they are then. Those that fail are told; the others go on. */
export async function runOnWorkspaces(context: CliContext, names: readonly string[], begin: Begin): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const ids = new Map<string, string>()
    const results = await runOperations(
      context,
      client,
      unique(names).map((name) => async () => {
        const { operation, workspace } = await begin(client, name)
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
