import { HOME_FOLDER, isWithin } from '../../../shared/files/file-path'
import { type SyncReport, syncSummary } from '../../../shared/sync-report'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperations } from '../../operations'
import { oneLine } from '../../output/format/plain-text'
import { printLines, remark } from '../../output/output'
import { printOneOrMany, reportAll, unique } from '../../output/several'

interface SyncOptions {
  all?: boolean
  force?: boolean
}

/** Syncs all at once, and prints what came of each. Those that fail are told; the others go on. */
export async function syncWorkspaces(
  context: CliContext,
  given: readonly string[],
  { all = false, force = false }: SyncOptions,
): Promise<number> {
  if (all === given.length > 0) throw usageError('Which workspaces?', 'Give names of workspaces, or --all.')
  return withConnection(context, async ({ client }) => {
    const running = async () => (await client.workspaces.list()).filter((workspace) => workspace.running)
    const names = all ? (await running()).map(({ name }) => name) : unique(given)
    if (names.length === 0) remark(context, 'No workspace is running.')
    const ids = new Map<string, string>()
    const results = await runOperations(
      context,
      client,
      names.map((name) => async () => {
        const { operation, workspace } = await client.workspaces.sync({ workspace: name, force })
        ids.set(operation.id, workspace.id)
        return operation
      }),
    )
    const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const workspaces = await Promise.all(done.map(({ id }) => client.workspaces.get({ workspace: ids.get(id) ?? '' })))
    const reports = workspaces.flatMap(({ name, synced }) => (synced === null ? [] : [{ workspace: name, ...synced }]))
    if (context.options.json) printOneOrMany(context, all ? 2 : names.length, reports)
    else if (context.options.quiet)
      printLines(
        context,
        reports.map(({ workspace }) => workspace),
      )
    else printLines(context, reports.flatMap(reportLines))
    return reportAll(context, results, names)
  })
}

function reportLines({ workspace, ...report }: SyncReport & { workspace: string }): string[] {
  const lines = (mark: string, { count, paths }: SyncReport['sent']) => [
    ...paths.map((path) => `  ${mark} ${oneLine(shortPath(path))}`),
    ...(count > paths.length ? [`  ${mark} … and ${count - paths.length} more`] : []),
  ]
  return [
    `${workspace}: ${syncSummary(report)}`,
    ...lines('+', report.sent),
    ...lines('-', report.removed),
    ...lines('!', report.conflicts),
  ]
}

function shortPath(path: string): string {
  return isWithin(path, HOME_FOLDER) ? `~${path.slice(HOME_FOLDER.length)}` : path
}
