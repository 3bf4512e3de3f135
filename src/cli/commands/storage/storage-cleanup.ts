import { formatBytes } from '../../../shared/byte-size'
import type { CleanupItem } from '../../../shared/contract/storage'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { type EngineOption, onEngine } from '../../options/shared-options'
import { confirm, someoneToAsk } from '../../output/confirm'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

export interface CleanupOptions extends EngineOption {
  dryRun?: boolean
  yes?: boolean
}

export async function cleanUp(context: CliContext, { dryRun = false, yes = false, ...options }: CleanupOptions): Promise<void> {
  if (!dryRun && !yes && !someoneToAsk(context)) {
    throw usageError('What is removed is gone, and there is no terminal to ask on.', 'Add --yes to remove it without being asked.')
  }
  await withConnection(context, async ({ client }) => {
    const items = await client.storage.cleanupPreview(onEngine(options))
    if (dryRun) {
      if (context.options.json) printJson(context, items)
      else printLines(context, items.length === 0 ? ['There is nothing to clean up.'] : itemLines(items))
      return
    }
    if (items.length === 0) {
      if (context.options.json) printJson(context, { items, operation: null })
      else remark(context, 'There is nothing to clean up.')
      return
    }
    if (!yes) await confirm(context, { heading: 'These are removed:', losses: itemLines(items), question: 'Remove them?' })
    const operation = await runOperation(
      context,
      client,
      async () => (await client.storage.cleanup({ ids: items.map(({ id }) => id), ...onEngine(options) })).operation,
    )
    if (context.options.json) printJson(context, { items, operation })
  })
}

/** What would go, and at most how much that frees. */
export function itemLines(items: readonly CleanupItem[]): string[] {
  const total = items.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  const rows = items.map(({ title, detail, bytes }) => [title, bytes === null ? '-' : formatBytes(bytes), detail])
  return [...formatTable(rows), `Frees ${formatBytes(total)} at most.`]
}
