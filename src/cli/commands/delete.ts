import { createInterface } from 'node:readline/promises'
import type { BerthClient } from '../../shared/contract/contract'
import { CliError, usageError } from '../cli-error'
import { withConnection } from '../connection'
import type { CliContext } from '../context'
import { paintFor } from '../format/paint'
import { formatBytes, plural } from '../format/quantities'
import { runOperations } from '../operations'
import { printLines } from '../output'
import { printOneOrMany, reportAll, unique } from './stop'

type Preview = Awaited<ReturnType<BerthClient['workspaces']['deletionPreview']>>

export async function deleteWorkspaces(context: CliContext, names: readonly string[], options: { yes?: boolean }): Promise<number> {
  const someoneThere = context.stdin().isTTY === true && context.stderr.isTTY === true
  if (options.yes !== true && !someoneThere) {
    throw usageError('Deleting cannot be undone, and there is no terminal to ask on.', 'Add --yes to delete without being asked.')
  }
  return withConnection(context, async ({ client }) => {
    if (options.yes !== true) for (const name of unique(names)) await confirm(context, client, name)
    const deleted = new Map<string, string>()
    const results = await runOperations(
      context,
      client,
      unique(names).map((name) => async () => {
        const { operation, workspace } = await client.workspaces.delete({ workspace: name })
        deleted.set(operation.id, workspace.name)
        return operation
      }),
    )
    const documents = results.flatMap((result) =>
      result.status === 'fulfilled' ? [{ deleted: deleted.get(result.value.id), operation: result.value }] : [],
    )
    if (context.options.json) printOneOrMany(context, names.length, documents)
    else
      printLines(
        context,
        documents.map((document) => (context.options.quiet ? `${document.deleted}` : `${document.deleted} is deleted`)),
      )
    return reportAll(context, results)
  })
}

async function confirm(context: CliContext, client: BerthClient, reference: string): Promise<void> {
  const { name } = await client.workspaces.get({ workspace: reference })
  const preview = await client.workspaces.deletionPreview({ workspace: reference })
  const paint = paintFor(context.stderr, context.env)
  const mustType = hasUnsavedWork(preview)
  context.stderr.write(`${[paint('bold', `Deleting ${name} cannot be undone. These are lost:`), ...lossLines(preview)].join('\n')}\n`)
  const answer = await ask(context, mustType ? `Type ${name} to delete it: ` : `Delete ${name}? [y/N] `)
  if (mustType ? answer === name : ['y', 'yes'].includes(answer.toLowerCase())) return
  throw new CliError('NOT_CONFIRMED', 'Nothing was deleted.')
}

export function hasUnsavedWork({ uncommittedFiles, unpushedCommits }: Preview): boolean {
  return (uncommittedFiles ?? 0) > 0 || (unpushedCommits ?? 0) > 0
}

/** What goes, one line each. */
export function lossLines({ volumes, uncommittedFiles, unpushedCommits }: Preview): string[] {
  const lines = volumes.map(({ name, bytes }) => `  volume ${name}${bytes === null ? '' : ` (${formatBytes(bytes)})`}`)
  if (uncommittedFiles) lines.push(`  ${plural(uncommittedFiles, 'file')} not committed`)
  if (unpushedCommits) lines.push(`  ${plural(unpushedCommits, 'commit')} not pushed`)
  return lines
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
