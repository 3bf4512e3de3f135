import type { BerthClient } from '../../../shared/contract/contract'
import type { Workspace } from '../../../shared/workspace'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperations } from '../../operations'
import { printLines, remark } from '../../output/output'
import { printOneOrMany, reportAll, unique } from '../../output/several'

/** What a client answers when an operation on a workspace has begun. */
type Begin = (client: BerthClient, workspace: string) => ReturnType<BerthClient['workspaces']['restart']>

/** Those that `--all` means. */
export interface AllOf {
  has(workspace: Workspace): boolean
  /** What is said when there are none. */
  none: string
}

export const ALL_RUNNING: AllOf = { has: ({ running }) => running, none: 'No workspace is running.' }
export const ALL_STOPPED: AllOf = { has: ({ status, template }) => status === 'stopped' && !template, none: 'No workspace is stopped.' }

/** Begins an operation on all names at once, and prints the workspaces as they are then. Those that fail are told; the others go on. */
export async function runOnWorkspaces(
  context: CliContext,
  given: readonly string[],
  { all }: { all?: AllOf },
  begin: Begin,
): Promise<number> {
  if ((all !== undefined) === given.length > 0) throw usageError('Which workspaces?', 'Give names of workspaces, or --all.')
  return withConnection(context, async ({ client }) => {
    const names = all === undefined ? unique(given) : (await client.workspaces.list()).filter(all.has).map(({ name }) => name)
    if (names.length === 0) remark(context, all?.none ?? '')
    const ids = new Map<string, string>()
    const results = await runOperations(
      context,
      client,
      names.map((name) => async () => {
        const { operation, workspace } = await begin(client, name)
        ids.set(operation.id, workspace.id)
        return operation
      }),
    )
    const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const workspaces = await Promise.all(done.map(({ id }) => client.workspaces.get({ workspace: ids.get(id) ?? '' })))
    if (context.options.json) printOneOrMany(context, all === undefined ? names.length : 2, workspaces)
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
    return reportAll(context, results, names)
  })
}
