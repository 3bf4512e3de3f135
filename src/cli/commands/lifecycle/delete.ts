import { formatBytes } from '../../../shared/byte-size'
import type { BerthClient } from '../../../shared/contract/contract'
import type { Snapshot } from '../../../shared/snapshot'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperations } from '../../operations'
import { confirm, someoneToAsk } from '../../output/confirm'
import { formatAgo, plural } from '../../output/format/quantities'
import { printLines } from '../../output/output'
import { printOneOrMany, reportAll, unique } from '../../output/several'

type Preview = Awaited<ReturnType<BerthClient['workspaces']['deletionPreview']>>

export interface DeletionOptions {
  yes?: boolean
  removeFolder?: boolean
}

export async function deleteWorkspaces(context: CliContext, names: readonly string[], options: DeletionOptions): Promise<number> {
  if (options.yes !== true && !someoneToAsk(context)) {
    throw usageError('Deleting cannot be undone, and there is no terminal to ask on.', 'Add --yes to delete without being asked.')
  }
  return withConnection(context, async ({ client }) => {
    const removeFolder = options.removeFolder === true
    if (options.yes !== true) for (const name of unique(names)) await confirmDeletion(context, client, name, removeFolder)
    const deleted = new Map<string, string>()
    const results = await runOperations(
      context,
      client,
      unique(names).map((name) => async () => {
        const { operation, workspace } = await client.workspaces.delete({ workspace: name, removeFolder })
        deleted.set(operation.id, workspace.name)
        return operation
      }),
    )
    const documents = results.flatMap((result) =>
      result.status === 'fulfilled' ? [{ deleted: deleted.get(result.value.id), operation: result.value }] : [],
    )
    if (context.options.json) printOneOrMany(context, unique(names).length, documents)
    else
      printLines(
        context,
        documents.map((document) => (context.options.quiet ? `${document.deleted}` : `${document.deleted} is deleted`)),
      )
    return reportAll(context, results, unique(names))
  })
}

async function confirmDeletion(context: CliContext, client: BerthClient, reference: string, removeFolder: boolean): Promise<void> {
  const { name, unavailable } = await client.workspaces.get({ workspace: reference })
  const [preview, snapshots] = await Promise.all([
    client.workspaces.deletionPreview({ workspace: name }),
    unavailable.snapshots === undefined ? client.snapshots.list({ workspace: name }) : [],
  ])
  const { folder } = preview
  const takesFolder = folder === null || (removeFolder && folder.created)
  if (!takesFolder) {
    const question = {
      heading: `${name} is taken off the list.`,
      losses: [`  Its folder ${folder.path} stays.`],
      question: `Delete ${name}?`,
    }
    return confirm(context, question)
  }
  await confirm(context, {
    heading: `Deleting ${name} cannot be undone. These are lost:`,
    losses: lossLines(preview, snapshots, Date.now()),
    question: `Delete ${name}?`,
    ...(hasUnsavedWork(preview) ? { mustType: name } : {}),
  })
}

export function hasUnsavedWork({ uncommittedFiles, unpushedCommits }: Preview): boolean {
  return (uncommittedFiles ?? 0) > 0 || (unpushedCommits ?? 0) > 0
}

/** What goes, one line each. */
export function lossLines(
  { volumes, uncommittedFiles, unpushedCommits, folder }: Preview,
  snapshots: readonly Pick<Snapshot, 'name' | 'createdAt'>[],
  now: number,
): string[] {
  const lines = volumes.map(({ name, bytes }) => `  volume ${name}${bytes === null ? '' : ` (${formatBytes(bytes)})`}`)
  if (folder !== null) lines.push(`  folder ${folder.path} with all in it`)
  lines.push(...snapshots.map(({ name, createdAt }) => `  snapshot ${name} (made ${formatAgo(createdAt, now)})`))
  if (uncommittedFiles) lines.push(`  ${plural(uncommittedFiles, 'file')} not committed`)
  if (unpushedCommits) lines.push(`  ${plural(unpushedCommits, 'commit')} not pushed`)
  return lines
}
