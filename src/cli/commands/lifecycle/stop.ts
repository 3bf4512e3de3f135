import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperations } from '../../operations'
import { printLines } from '../../output/output'
import { printOneOrMany, reportAll, unique } from '../../output/several'

/** `stop` and `restart`, all names at once. Those that fail are told; the others are done all the same. */
export async function stopWorkspaces(
  context: CliContext,
  procedure: 'stop' | 'restart',
  names: readonly string[],
  now: boolean,
): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const ids = new Map<string, string>()
    const results = await runOperations(
      context,
      client,
      unique(names).map((name) => async () => {
        const { operation, workspace } = await (procedure === 'stop'
          ? client.workspaces.stop({ workspace: name, now })
          : client.workspaces.restart({ workspace: name }))
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
